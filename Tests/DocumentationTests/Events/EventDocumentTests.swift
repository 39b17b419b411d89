import Foundation
import GuichetProtocol
import Testing

/// `make docs` runs these with `GUICHET_TEST_WRITE_DOCUMENTS=1`: then they write the documents before they compare them.
@Suite("The documents that are written from the catalogue of events")
struct EventDocumentTests {
    private static let isWriting = ProcessInfo.processInfo.environment["GUICHET_TEST_WRITE_DOCUMENTS"] == "1"

    @Test("have a sentence for every property, and rules for properties that exist")
    func sentences() throws {
        let types = try WireTypes()
        _ = types.envelope()
        #expect(types.faults == [])
        for type in types.all + [types.envelope()] {
            for text in [type.text] + type.properties.map(\.sentence) {
                #expect(text.last == "." && !text.contains("nil") && !text.contains("``"), "\(type.name): \(text)")
            }
        }
    }

    @Test("have one schema for a family of events, which fits each of its members")
    func families() throws {
        let types = try WireTypes()
        for event in EventCatalog.all {
            #expect(types.shape(of: event.payload) == types.shape(of: event.type), "\(event.name.type)")
        }
    }

    @Test("give each event a name of its own")
    func keys() {
        #expect(Set(EventCatalog.all.map(\.key)).count == EventCatalog.all.count)
        #expect(Set(EventCatalog.all.map(\.name)).count == EventCatalog.all.count)
    }

    @Test("are current: asyncapi.yaml")
    func asyncAPI() throws {
        try compare("docs/asyncapi.yaml", with: try AsyncAPIDocument(types: WireTypes()).text())
    }

    @Test("are current: the tables of events.md")
    func tables() throws {
        let tables = EventTables(types: try WireTypes(), consumers: try Consumers.byEvent())
        var page = try Repository.text("docs/events.md")
        for (name, lines) in [
            ("list", tables.list()), ("audiences", tables.audiences()), ("envelope", tables.envelope()),
            ("payloads", tables.payloads()),
        ] {
            page = try Self.replacing(name, in: page, with: lines)
        }
        try compare("docs/events.md", with: page)
    }

    private func compare(_ path: String, with text: String) throws {
        if Self.isWriting {
            try text.write(to: Repository.root.appending(path: path), atomically: true, encoding: .utf8)
        }
        let (found, wanted) = (try Repository.text(path).split(separator: "\n"), text.split(separator: "\n"))
        let difference = zip(found, wanted).first { $0 != $1 }
        let isCurrent = found == wanted
        #expect(isCurrent, "\(path) is not current: run make docs. \(difference.map { "\($0)" } ?? "")")
    }

    /// The page with other lines between the two comments that mark a passage.
    private static func replacing(_ name: String, in page: String, with lines: [String]) throws -> String {
        let (begin, end) = ("<!-- make docs: \(name) -->\n", "<!-- make docs: end -->")
        let start = try #require(page.firstRange(of: begin), "no passage \(name)").upperBound
        let stop = try #require(page[start...].firstRange(of: end), "passage \(name) has no end").lowerBound
        return page[..<start] + "\n" + lines.joined(separator: "\n") + "\n\n" + page[stop...]
    }
}
