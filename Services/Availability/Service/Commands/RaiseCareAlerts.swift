import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling
import ServiceHost

/// Tells the subscribers of alerts that a slot has become free (UC21), in the transaction that shows it.
@EventLoop
struct RaiseCareAlerts {
    /// Slots that an event has freed, by start.
    struct Freed: Sendable {
        let slots: [FreeSlot]
        let cause: Cause
    }

    let context: ServiceContext

    /// Raises each alert once, for the first slot that fits.
    ///
    /// - Parameter freed: day by day.
    func callAsFunction(
        _ alerts: [CareAlert], _ freed: [Freed], of tenant: TenantSlug, in transaction: Transaction
    ) async throws {
        var found: [Identifier<CareAlert>: (alert: CareAlert, slot: FreeSlot, cause: Cause)] = [:]
        for alert in alerts {
            let slots = freed.lazy.compactMap { freed in alert.first(of: freed.slots).map { (alert, $0, freed.cause) } }
            found[alert.id] = slots.first
        }
        guard !found.isEmpty else { return }
        let now = context.now
        // Counted under a lock: the update of another day may raise the same alerts at the same time.
        let counts = try await transaction.ask(CareAlerts.count(Array(found.keys), at: now))
        try await transaction.batch(
            counts.compactMap { count in
                guard let (alert, slot, cause) = found[count.alert] else { return nil }
                let event = CareAlertRaised(
                    subscriber: Identifier(alert.subscriber.uuid), careType: slot.careType.rawValue,
                    practitioner: Identifier(slot.practitioner.uuid), start: slot.start, end: slot.end)
                return try Outbox.record(
                    event, of: alert.id.description, version: count.raised, tenant: tenant, at: now,
                    causation: cause.event(of: tenant))
            })
    }
}
