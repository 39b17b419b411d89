package import AMQP
package import GuichetProtocol
import JSONCoding
package import Primitives

extension Outbox {
    /// The message of an event that is sent past the outbox, because it is repeated anyway.
    package static func broadcast<Payload: Event>(
        _ event: Payload, of aggregate: String, version: Int, tenant: TenantSlug, at time: Instant
    ) throws -> OutgoingMessage {
        let id = EventID.new(at: time)
        let envelope = CloudEvent(
            id: id, name: Payload.name, aggregate: aggregate, version: version, tenant: tenant, time: time,
            correlation: id.description, data: event)
        return OutgoingMessage(
            exchange: EventRouting.exchange,
            routingKey: Payload.name.routingKey(tenant: tenant, shard: Shard.of(aggregate)),
            body: try JSONOutput.encode(envelope), contentType: EventRouting.contentType, messageID: id.description,
            type: envelope.type, timestamp: time, headers: EventHeaders(of: envelope).message, isPersistent: false)
    }
}
