import AMQP
import FoundationEssentials
import GuichetProtocol
import Primitives
import Testing

@testable import Messaging

@Suite("Routing of events")
struct EventRoutingTests {
    @Test("binds each shard for all verbs and versions of an aggregate, of every tenant")
    func bindings() throws {
        let service = TenantSlug(stringLiteral: "booking")
        let topology = EventRouting.listening(service, to: [AggregateName(of: TenantAnnounced.name)])
        let keys = topology.bindings.filter { $0.exchange == EventRouting.exchange }.map {
            "\($0.queue) \($0.routingKey)"
        }
        #expect(keys.sorted() == (0..<4).map { "guichet.booking.\($0) *.identity.tenant.*.*.\($0)" })
    }

    @Test("a key has six words, whatever the tenant")
    func words() throws {
        let slug = TenantSlug(stringLiteral: "cabinet-1")
        let key = AppointmentHeld.name.routingKey(tenant: slug, shard: 3)
        #expect(key == "cabinet-1.booking.appointment.held.v1.3")
    }

    @Test("shards do not move: their numbers are part of the protocol")
    func shards() {
        #expect(["a", "b", "cabinet-1", ""].map(Shard.of) == [0, 1, 1, 1])
    }

    @Test("the envelope repeats its attributes as headers, its sequence sorting like numbers")
    func envelope() throws {
        let slug = TenantSlug(stringLiteral: "cabinet-1")
        let event = CloudEvent(
            id: .new(), name: SchemaPrepared.name, aggregate: "booking", version: 12, tenant: slug,
            time: Instant(seconds: 1_795_164_600), correlation: "c", data: Unread())
        #expect(event.sequence == "00000000000000000012")
        #expect(event.version == 12)
        let headers = EventHeaders(of: event)
        #expect(headers.message["cloudEvents_subject"] == "schema/booking")
        #expect(headers.message["cloudEvents_time"] == "2026-11-20T08:50:00Z")
        #expect(headers.message["cloudEvents_causationid"] == nil)
    }

    @Test("headers are stored as lines and read back the same")
    func storedHeaders() throws {
        var event = CloudEvent(
            id: .new(), name: SchemaPrepared.name, aggregate: "a: b", version: 12, tenant: "cabinet-1",
            time: Instant(seconds: 1_795_164_600), correlation: "", traceparent: "00-1", data: Unread())
        let stored = try #require(EventHeaders.text(of: event))
        let headers = try #require(EventHeaders(stored: stored))
        #expect(headers.message == EventHeaders(of: event).message)
        #expect(headers.id == event.id.description)
        #expect(headers.time == event.time)
        event.correlationid = "two\nlines"
        #expect(EventHeaders.text(of: event) == nil)
        #expect(EventHeaders(stored: "no header") == nil)
    }
}
