import GuichetProtocol
import JSONCoding
import Primitives
import Testing

@testable import AMQP
@testable import Messaging

@Suite("Authors of events")
struct EventAuthorsTests {
    private static let authors = EventAuthors(account: "ledger")

    @Test("an event is accepted from the account of the service that it names")
    func author() throws {
        try Self.check(by: "identity")
    }

    @Test("an event of another account, or of none, is refused", arguments: ["availability", "ledger", ""])
    func forged(account: String) {
        #expect(throws: MalformedEvent.self) { try Self.check(by: account) }
    }

    @Test("an event that a service has published again keeps its author")
    func again() throws {
        try Self.check(by: "ledger", first: "identity")
        #expect(throws: MalformedEvent.self) { try Self.check(by: "ledger", first: "availability") }
        #expect(throws: MalformedEvent.self) { try Self.check(by: "ledger", first: "") }
        // Others have no say in who the author is.
        #expect(throws: MalformedEvent.self) { try Self.check(by: "availability", first: "identity") }
    }

    @Test("a service names itself alone as the source")
    func source() throws {
        #expect(throws: MalformedEvent.self) { try Self.check(source: "/guichet/booking", by: "identity") }
        #expect(throws: MalformedEvent.self) { try Self.check(source: "/guichet/availability", by: "availability") }
    }

    @Test("what every service publishes is of the service in its payload")
    func everyService() throws {
        let event = Self.event(SchemaPrepared(service: "identity", tenant: "cabinet-1"))
        let subscription = Subscription.to(SchemaPrepared.self, scope: .service) { _, _ in }
        let speaker = try #require(try subscription.speaker?(JSONOutput.encode(event)))
        #expect(speaker == "identity")
        try Self.authors.check(event.attributes, of: Self.delivery(by: "identity"), speaker: speaker)
        #expect(throws: MalformedEvent.self) {
            try Self.authors.check(event.attributes, of: Self.delivery(by: "availability"), speaker: speaker)
        }
        #expect(Subscription.to(SigningKeysPublished.self, scope: .service) { _, _ in }.speaker == nil)
    }

    @Test("accounts may have other names than their services, or be one for all")
    func names() throws {
        let event = Self.event(SigningKeysPublished(keySet: "{}")).attributes
        let named = EventAuthors(account: "l", accounts: ["identity": "b"])
        try named.check(event, of: Self.delivery(by: "b"), speaker: nil)
        #expect(throws: MalformedEvent.self) { try named.check(event, of: Self.delivery(by: "identity"), speaker: nil) }
        try EventAuthors(account: "one", accounts: ["*": "one"]).check(
            event, of: Self.delivery(by: "one"), speaker: nil)
        // While an earlier release still publishes, events without an author are accepted, and no others.
        let patient = EventAuthors(account: "ledger", acceptsUnnamed: true)
        try patient.check(event, of: Self.delivery(by: ""), speaker: nil)
        try patient.check(event, of: Self.delivery(by: "ledger", first: ""), speaker: nil)
        #expect(throws: MalformedEvent.self) {
            try patient.check(event, of: Self.delivery(by: "availability"), speaker: nil)
        }
    }

    private static func check(
        source: String = "/guichet/identity", by account: String, first: String? = nil
    ) throws {
        var event = event(SigningKeysPublished(keySet: "{}")).attributes
        event.source = source
        try authors.check(event, of: delivery(by: account, first: first), speaker: nil)
    }

    private static func event<Payload: Event>(_ payload: Payload) -> CloudEvent<Payload> {
        CloudEvent(
            id: .new(), name: Payload.name, aggregate: "a", version: 1, tenant: "cabinet-1", time: .now,
            correlation: "test", data: payload)
    }

    private static func delivery(by account: String, first: String? = nil) -> Delivery {
        var delivery = Delivery(
            queue: "guichet.ledger.0", exchange: "", routingKey: "", isRedelivered: false, tag: 1)
        delivery.userID = account
        delivery.headers[EventRouting.authorHeader] = first
        return delivery
    }
}
