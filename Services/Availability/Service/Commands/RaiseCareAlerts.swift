import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling

/// Tells those who wait for an early slot that one has become free (UC21), inside the transaction that shows it.
@EventLoop
struct RaiseCareAlerts {
    let desk: Desk
    let transaction: Transaction
    let cause: Cause

    /// Raises each alert once, for the first of the slots that fits.
    ///
    /// - Parameter freed: by start.
    func callAsFunction(_ alerts: [CareAlert], _ freed: [FreeSlot]) async throws {
        var found: [Identifier<CareAlert>: (alert: CareAlert, slot: FreeSlot)] = [:]
        for alert in alerts { found[alert.id] = alert.first(of: freed).map { (alert, $0) } }
        guard !found.isEmpty else { return }
        // Counted under a lock: another day's update may raise the same alerts at this moment.
        let rows = try await transaction.query(CareAlerts.count(Array(found.keys), at: desk.now()))
        try await transaction.batch(
            rows.compactMap { row in
                guard let (alert, slot) = found[try row.get("id")] else { return nil }
                let event = CareAlertRaised(
                    subscriber: Identifier(alert.subscriber.uuid), careType: slot.careType.rawValue,
                    practitioner: Identifier(slot.practitioner.uuid), start: slot.start, end: slot.end)
                return try Outbox.record(
                    event, of: alert.id.description, version: row.get("raised"), tenant: desk.tenant, at: desk.now(),
                    causation: cause.event(of: desk.tenant))
            })
    }
}
