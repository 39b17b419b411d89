import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling

enum CareAlerts {
    static let columns: SQL = "id, subscriber, care_type, practitioner, starts_from, starts_until, raised, raised_at"

    /// Who waits for a slot that starts in `range`.
    static func waiting(in range: TimeRange, at now: Instant) -> SQL {
        """
        SELECT \(columns) FROM care_alerts
        WHERE starts_until > \(max(range.start, now)) AND starts_from < \(range.end) ORDER BY created_at, id LIMIT 1000
        """
    }

    static func alerts(_ rows: [Row]) throws -> [(alert: CareAlert, raised: Int)] {
        try rows.map { row in
            guard let careType = CareType(rawValue: try row.get("care_type")),
                let window = TimeRange(try row.get("starts_from"), try row.get("starts_until"))
            else { throw CorruptRow(table: "care_alerts") }
            let alert = CareAlert(
                id: try row.get("id"), subscriber: try row.get("subscriber"), careType: careType,
                practitioner: try row.find("practitioner"), window: window)
            return (alert, try row.get("raised"))
        }
    }

    /// Tells of the first slot that each of these people waited for, if one has become free that can be booked.
    static func raise(
        _ alerts: [(alert: CareAlert, raised: Int)], _ freed: [FreeSlot], tenant: TenantSlug, at now: Instant,
        because cause: Cause
    ) throws -> [SQL] {
        guard !freed.isEmpty else { return [] }
        return try alerts.flatMap { alert, raised -> [SQL] in
            guard let slot = alert.first(of: freed) else { return [] }
            let event = CareAlertRaised(
                subscriber: Identifier(alert.subscriber.uuid), careType: slot.careType.rawValue,
                practitioner: Identifier(slot.practitioner.uuid), start: slot.start, end: slot.end)
            return [
                "UPDATE care_alerts SET raised = \(raised + 1), raised_at = \(now) WHERE id = \(alert.id)",
                try Outbox.record(
                    event, of: alert.id.description, version: raised + 1, tenant: tenant, at: now,
                    causation: cause.envelope),
            ]
        }
    }

    static func prune(before now: Instant) -> SQL { "DELETE FROM care_alerts WHERE starts_until < \(now)" }
}
