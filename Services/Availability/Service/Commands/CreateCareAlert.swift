import AvailabilityDomain
import EventLoop
import Idempotency
import Postgres
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Subscribes to early slots (UC21).
@EventLoop
struct CreateCareAlert {
    /// The slots that a subscriber waits for.
    struct Wish: Sendable {
        let careType: CareType
        /// Nil if any practitioner will do.
        let practitioner: Identifier<Resource>?
        /// Where the slot must start.
        let window: TimeRange
    }

    let context: ServiceContext
    let calendars: Calendars

    init(_ context: ServiceContext, _ calendars: Calendars) { (self.context, self.calendars) = (context, calendars) }

    /// Throws ``TooManyAlerts`` if the subscriber has reached the limit, ``UnknownPractitioner`` if the tenant does not
    /// have the practitioner.
    func callAsFunction(
        _ wish: Wish, for subscriber: Identifier<Subscriber>, of store: TenantStore, key: IdempotencyRecord?
    ) async throws -> CareAlertView {
        let now = context.now
        return try await store.data.once(key) { transaction in
            let (_, alerts, version) = try await transaction.ask(
                CareAlerts.lock(subscriber), CareAlerts.own(subscriber, at: now), CalendarRows.sharedVersion)
            if let practitioner = wish.practitioner {
                let calendar = try await calendars.calendar(of: store, version: version, in: transaction)
                guard calendar?.clinic.resources[practitioner]?.kind == .practitioner else {
                    throw UnknownPractitioner()
                }
            }
            guard alerts.count < CareAlert.limitPerSubscriber else { throw TooManyAlerts() }
            let alert = CareAlert(
                id: .new(at: now), subscriber: subscriber, careType: wish.careType, practitioner: wish.practitioner,
                window: wish.window)
            try await transaction.query(CareAlerts.insert(alert, at: now))
            return CareAlertView(alert, createdAt: now)
        }
    }
}

/// The tenant has no such practitioner.
struct UnknownPractitioner: Error {}

/// The subscriber has reached the limit of alerts.
struct TooManyAlerts: Error {}
