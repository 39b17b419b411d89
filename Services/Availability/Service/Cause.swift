import GuichetProtocol
import Postgres
import Primitives

/// Why days are looked at anew: an event, or something that nobody told.
struct Cause: Sendable {
    let id: EventID
    let type: String
    let aggregate: String
    let version: Int
    let time: Instant
    /// What the event and everything that it sets off have in common; nil when it is no event.
    let correlation: String?

    init(_ event: EventAttributes) {
        (id, type, aggregate) = (event.id, event.type, event.subject)
        (version, time, correlation) = (event.version, event.time, event.correlationid)
    }

    /// Not an event: another day has come, or somebody asked.
    init(_ reason: String, at time: Instant) {
        (id, type, aggregate) = (.new(at: time), reason, reason)
        (version, self.time, correlation) = (1, time, nil)
    }

    /// A row of ``Calendars/cause`` or of ``Journal/pending(_:)``.
    init(_ row: Row) throws {
        (id, type, aggregate) = (try row.get("event_id"), try row.get("event_type"), try row.get("aggregate"))
        (version, time) = (try row.get("aggregate_version"), try row.get("happened_at"))
        correlation = try row.find("correlation")
    }

    /// The event as those that it sets off name it; nil when it is none.
    func event(of tenant: TenantSlug) -> EventAttributes? {
        correlation.map {
            EventAttributes(
                id: id, name: EventName("", "", "", version: 1), aggregate: aggregate, version: version, tenant: tenant,
                time: time, correlation: $0, data: Unread())
        }
    }
}
