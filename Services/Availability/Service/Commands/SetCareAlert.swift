import AvailabilityDomain
import EventLoop
import Idempotency
import Postgres
import Primitives
import Scheduling
import Tenancy

/// Lets somebody wait for an early slot, or wait no longer (UC21).
@EventLoop
struct SetCareAlert {
    let desk: Desk
    let subscriber: Identifier<Subscriber>

    /// Throws ``TooManyAlerts`` to whoever has as many as one may have, ``UnknownPractitioner`` for one that the tenant has
    /// not.
    func callAsFunction(
        _ careType: CareType, practitioner: Identifier<Resource>?, in window: TimeRange, key: IdempotencyRecord?
    ) async throws -> CareAlertView {
        let (desk, now) = (self.desk, desk.now())
        return try await desk.store.data.once(key) { transaction in
            let rows = try await transaction.batch([
                CareAlerts.lock(subscriber), CareAlerts.own(subscriber, at: now), Calendars.keptVersion,
            ])
            if let practitioner {
                let calendar = try await desk.calendars.calendar(of: desk.store, asOf: rows[2], in: transaction)
                guard calendar?.clinic.resources[practitioner]?.kind == .practitioner else {
                    throw UnknownPractitioner()
                }
            }
            guard rows[1].count < CareAlert.limitPerSubscriber else { throw TooManyAlerts() }
            let alert = CareAlert(
                id: .new(at: now), subscriber: subscriber, careType: careType, practitioner: practitioner,
                window: window)
            try await transaction.query(CareAlerts.insert(alert, at: now))
            return CareAlertView(alert, createdAt: now)
        }
    }

    /// Throws ``NotFound`` when the subscriber has no such alert.
    func remove(_ id: Identifier<CareAlert>) async throws {
        guard try await !desk.store.data.query(CareAlerts.delete(id, of: subscriber)).isEmpty else { throw NotFound() }
    }

    /// What the subscriber waits for, the oldest alert first.
    func list() async throws -> [CareAlertView] {
        try await desk.store.data.query(CareAlerts.own(subscriber, at: desk.now())).map(CareAlertView.init)
    }
}

/// The tenant has no such practitioner.
struct UnknownPractitioner: Error {}

/// Nobody may wait for everything.
struct TooManyAlerts: Error {}
