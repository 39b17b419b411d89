import Foundation
import GuichetProtocol
import Testing

@Suite("The documents of events")
struct EventTests {
    @Test("know every event of the code")
    func completeness() throws {
        let declared = try Repository.swift(in: "Shared/GuichetProtocol").flatMap { file in
            file.text.matches(of: /EventName\(\s*"([a-z-]+)", "([a-z-]+)", "([a-z-]+)", version: (\d+)\)/).map {
                "guichet.\($0.1).\($0.2).\($0.3).v\($0.4)"
            }
        }
        #expect(Set(declared) == PublishedEvent.types)
        #expect(Set(try listed().keys) == PublishedEvent.types)
        #expect(try typesOfAsyncAPI() == PublishedEvent.types)
    }

    @Test("give an example that decodes, and loses nothing when it is encoded again", arguments: PublishedEvent.all)
    func fixture(event: PublishedEvent) throws {
        let json = Data(try Repository.text(event.fixture).utf8)
        let (before, after) = (try JSON(json), try JSON(try event.recode(json)))
        #expect(before.missing(in: after) == [])
        #expect(before["type"] == .text(event.name.type))
        #expect(before["source"] == .text("/guichet/\(event.name.service)"))
    }

    @Test("name who hears each event", arguments: PublishedEvent.all)
    func listeners(event: PublishedEvent) throws {
        let row = try #require(try listed()[event.name.type])
        #expect(row[2] == (try hearing(event)))
        #expect(row[0].contains("(../\(event.fixture))"))
    }

    @Test("address each event as it is routed", arguments: PublishedEvent.all)
    func address(event: PublishedEvent) throws {
        let name = event.name
        let address = "{tenant}.\(name.service).\(name.aggregate).\(name.verb).v\(name.version).{shard}"
        #expect(try Repository.text("docs/asyncapi.yaml").contains("address: \"\(address)\""))
    }

    @Test("quote their examples to the letter")
    func quotations() throws {
        let blocks = try Repository.text("docs/events.md").matches(of: /```json\n((?:.|\n)*?)```/).map { String($0.1) }
        #expect(!blocks.isEmpty)
        for block in blocks {
            let quoted = try JSON(Data(block.utf8))
            guard case .text(let type)? = quoted["type"] else {
                Issue.record("an example without a type:\n\(block)")
                continue
            }
            let event = try #require(PublishedEvent.all.first { $0.name.type == type })
            #expect(quoted == (try JSON(Data(try Repository.text(event.fixture).utf8))))
        }
    }

    /// The rows of the list, by type.
    private func listed() throws -> [String: [String]] {
        try Repository.rows(of: "docs/events.md").filter { $0.key.hasPrefix("guichet.") && $0.key.contains(".v") }
    }

    private func typesOfAsyncAPI() throws -> Set<String> {
        Set(try Repository.text("docs/asyncapi.yaml").matches(of: /name: (guichet\..*\.v\d+)/).map { String($0.1) })
    }

    /// Whose subscriptions name the event.
    private func hearing(_ event: PublishedEvent) throws -> String {
        let places = try Repository.swift(in: "Services", "Shared/ServiceHost", "Shared/Messaging").filter {
            $0.text.contains(".to(\(event.swiftName).self,") || $0.text.contains(".toAll(\(event.swiftName).self,")
        }.map { $0.path.split(separator: "/")[1] }
        if places.contains("ServiceHost") || places.contains("Messaging") { return "every service" }
        return places.isEmpty ? "subscribers" : Set(places).sorted().joined(separator: ", ")
    }
}
