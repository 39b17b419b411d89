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
    /// The event, for those that it sets off.
    let envelope: EventAttributes?

    init(_ event: EventAttributes) {
        (id, type, aggregate) = (event.id, event.type, event.subject)
        (version, time, envelope) = (event.version, event.time, event)
    }

    /// The event that told the calendar, by a row of ``Calendars/cause``.
    init(_ row: Row) throws {
        (id, type, aggregate) = (try row.get("event_id"), try row.get("event_type"), try row.get("event_subject"))
        (version, time, envelope) = (try row.get("event_version"), try row.get("happened_at"), nil)
    }

    /// Not an event: somebody asked.
    init(_ reason: String, at time: Instant) {
        (id, type, aggregate) = (.new(at: time), reason, reason)
        (version, self.time, envelope) = (1, time, nil)
    }
}
