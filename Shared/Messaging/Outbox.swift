package import GuichetProtocol
import JSONCoding
package import Postgres
package import Primitives
import Runtime

/// Writes events into the caller's transaction; the relay carries them to the broker afterwards.
package enum Outbox {
    /// An event as a row of the outbox.
    package struct Entry: Sendable {
        fileprivate let id: EventID
        fileprivate let aggregate: String
        fileprivate let version: Int
        fileprivate let routingKey: String
        fileprivate let body: String
        fileprivate let headers: String?
    }

    /// The row of one event.
    ///
    /// - Parameters:
    ///   - aggregate: the id of the aggregate, as its subject names it.
    ///   - version: the aggregate's version after the event. Two events of one version conflict in the constraint
    ///     `outbox_one_event_per_version`.
    ///   - causation: the event that caused this one, if it was an event.
    package static func entry<Payload: Event>(
        _ event: Payload, of aggregate: String, version: Int, tenant: TenantSlug, at time: Instant,
        causation: EventAttributes? = nil
    ) throws -> Entry {
        let trace = TraceContext.current
        let id = EventID.new(at: time)
        let envelope = CloudEvent(
            id: id, name: Payload.name, aggregate: aggregate, version: version, tenant: tenant, time: time,
            correlation: causation?.correlationid ?? trace?.traceID ?? id.description,
            causation: causation?.id.description, traceparent: trace?.traceparent, data: event)
        return Entry(
            id: id, aggregate: envelope.subject, version: version,
            routingKey: Payload.name.routingKey(tenant: tenant, shard: Shard.of(aggregate)),
            body: try JSONOutput.text(envelope), headers: EventHeaders.text(of: envelope))
    }

    /// The statement that records one event; see ``entry(_:of:version:tenant:at:causation:)``.
    package static func record<Payload: Event>(
        _ event: Payload, of aggregate: String, version: Int, tenant: TenantSlug, at time: Instant,
        causation: EventAttributes? = nil
    ) throws -> SQL {
        let entry = try entry(
            event, of: aggregate, version: version, tenant: tenant, at: time, causation: causation)
        return """
            INSERT INTO outbox (event_id, aggregate, version, routing_key, body, headers)
            VALUES (\(entry.id), \(entry.aggregate), \(entry.version), \(entry.routingKey), \(entry.body),
                \(entry.headers))
            """
    }

    /// The statement that records several events, in their order.
    package static func record(_ entries: [Entry]) -> SQL {
        """
        INSERT INTO outbox (event_id, aggregate, version, routing_key, body, headers)
        SELECT event_id, aggregate, version, routing_key, body, nullif(headers, '')
        FROM unnest(\(entries.map(\.id))::uuid[], \(entries.map(\.aggregate))::text[],
            \(entries.map(\.version))::bigint[], \(entries.map(\.routingKey))::text[], \(entries.map(\.body))::text[],
            \(entries.map { $0.headers ?? "" })::text[]) WITH ORDINALITY
            AS news (event_id, aggregate, version, routing_key, body, headers, place)
        ORDER BY place
        """
    }
}
