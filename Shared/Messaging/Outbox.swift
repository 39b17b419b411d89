package import GuichetProtocol
import JSONCoding
package import Postgres
package import Primitives
import Runtime

/// Writes events into the caller's transaction; the relay carries them to the broker afterwards.
package enum Outbox {
    /// The statement that records one event.
    ///
    /// - Parameters:
    ///   - aggregate: the id of the aggregate, as its subject names it.
    ///   - version: the aggregate's version after the event. Two events of one version conflict in the constraint
    ///     `outbox_one_event_per_version`.
    ///   - causation: the event that caused this one, if it was an event.
    package static func record<Payload: Event>(
        _ event: Payload, of aggregate: String, version: Int, tenant: TenantSlug, at time: Instant,
        causation: EventAttributes? = nil
    ) throws -> SQL {
        let trace = TraceContext.current
        let id = EventID.new(at: time)
        let envelope = CloudEvent(
            id: id, name: Payload.name, aggregate: aggregate, version: version, tenant: tenant, time: time,
            correlation: causation?.correlationid ?? trace?.traceID ?? id.description,
            causation: causation?.id.description, traceparent: trace?.traceparent, data: event)
        let body = try JSONOutput.text(envelope)
        let routingKey = Payload.name.routingKey(tenant: tenant, shard: Shard.of(aggregate))
        return """
            INSERT INTO outbox (event_id, aggregate, version, routing_key, body, headers)
            VALUES (\(id), \(envelope.subject), \(version), \(routingKey), \(body), \(EventHeaders.text(of: envelope)))
            """
    }
}
