import GuichetProtocol
import Postgres
import Primitives

/// Why days are updated: an event, or something that no event reports.
struct Cause: Sendable {
    let id: EventID
    let type: String
    let aggregate: String
    let version: Int
    let time: Instant
    /// The correlation id of the event; nil if the cause is not an event.
    let correlation: String?

    init(_ event: EventAttributes) {
        (id, type, aggregate) = (event.id, event.type, event.subject)
        (version, time, correlation) = (event.version, event.time, event.correlationid)
    }

    /// A cause that is not an event: a new day, or a request.
    init(_ reason: String, at time: Instant) {
        (id, type, aggregate) = (.new(at: time), reason, reason)
        (version, self.time, correlation) = (1, time, nil)
    }

    /// A row of ``CalendarRows/cause`` or of ``Journal/pending(_:)``.
    init(_ row: Row) throws {
        (id, type, aggregate) = (try row.get("event_id"), try row.get("event_type"), try row.get("aggregate"))
        (version, time) = (try row.get("aggregate_version"), try row.get("happened_at"))
        correlation = try row.find("correlation")
    }

    /// The event as the events that it causes name it; nil if the cause is not an event.
    func event(of tenant: TenantSlug) -> EventAttributes? {
        correlation.map {
            EventAttributes(
                id: id, name: EventName("", "", "", version: 1), aggregate: aggregate, version: version, tenant: tenant,
                time: time, correlation: $0, data: Unread())
        }
    }
}
