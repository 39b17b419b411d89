import Foundation
import GuichetProtocol
import Testing

extension PublishedEvent: CustomTestStringConvertible {
    package var testDescription: String { name.type }
}

@Suite("The catalogue of events")
struct EventTests {
    @Test("has an example that decodes, and loses nothing when it is encoded again", arguments: EventCatalog.all)
    func fixture(event: PublishedEvent) throws {
        let json = Data(try Repository.text(event.fixture).utf8)
        let (before, after) = (try JSON(json), try JSON(try encodedAgain(json, as: event.type)))
        #expect(before.missing(in: after) == [])
        #expect(before["type"] == .text(event.name.type))
        #expect(before["source"] == .text("/guichet/\(event.name.service)"))
    }

    @Test("says who an event is for when no service consumes it, and only then")
    func audiences() throws {
        let consumers = try Consumers.byEvent()
        for event in EventCatalog.all {
            #expect((consumers[event.name.type] == nil) == (event.audience != nil), "\(event.name.type)")
        }
    }

    @Test("is quoted to the letter in events.md")
    func quotations() throws {
        let blocks = try Repository.text("docs/events.md").matches(of: /```json\n((?:.|\n)*?)```/).map { String($0.1) }
        #expect(!blocks.isEmpty)
        for block in blocks {
            let quoted = try JSON(Data(block.utf8))
            guard case .text(let type)? = quoted["type"] else {
                Issue.record("an example without a type:\n\(block)")
                continue
            }
            let event = try #require(EventCatalog.all.first { $0.name.type == type })
            #expect(quoted == (try JSON(Data(try Repository.text(event.fixture).utf8))))
        }
    }

    private func encodedAgain<Payload: Event>(_ json: Data, as type: Payload.Type) throws -> Data {
        try JSONEncoder().encode(JSONDecoder().decode(CloudEvent<Payload>.self, from: json))
    }
}
