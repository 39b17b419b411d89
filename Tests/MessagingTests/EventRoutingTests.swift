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
        #expect(event.headers["cloudEvents_subject"] == "schema/booking")
        #expect(event.headers["cloudEvents_time"] == "2026-11-20T08:50:00Z")
        #expect(event.headers["cloudEvents_causationid"] == nil)
    }
}
