import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Withholds the days that an event touches which could not be handled and is parked: no later event may follow that
/// would reveal the gap. The days are shown again once Booking has reported them.
@EventLoop
struct DoubtParkedEvent {
    let context: ServiceContext
    let calendars: Calendars

    init(_ context: ServiceContext, _ calendars: Calendars) { (self.context, self.calendars) = (context, calendars) }

    /// - Parameter entry: the appointment that the event is about; nil if it is about all days or cannot be read.
    func callAsFunction(
        _ event: EventAttributes, _ entry: AgendaEntry?, of store: TenantStore, in transaction: Transaction
    ) async throws {
        let (now, cause) = (context.now, Cause(event))
        let days = try await days(of: entry, store, transaction)
        guard !days.isEmpty else { return }
        let anomaly = Anomaly(
            kind: .gap, day: days.count == 1 ? days.first : nil, event: event.id,
            detail: "Un événement n’a pas pu être traité ; les journées qu’il touche sont recalculées.")
        let statements = [
            Days.withhold(days, because: .gap, at: now),
            Journal.record([Journal.Note(cause: cause, days: days)]),
        ]
        try await transaction.batch(
            statements
                + (try Anomalies.record(
                    anomaly, tenant: store.tenant.slug, at: now, causation: cause.event(of: store.tenant.slug))))
    }

    /// The days that the appointment touches or touched, as far as is known; all days if that cannot be said.
    private func days(
        of entry: AgendaEntry?, _ store: TenantStore, _ transaction: Transaction
    ) async throws -> [LocalDay] {
        guard let entry else { return try await transaction.ask(Days.all) }
        let zone = try await calendars.zone(of: store)
        let before = try await transaction.ask(Placements.find([entry.appointment]))[entry.appointment]?.blocked
        let ranges = [before, try entry.taken?.blocked.range].compactMap { $0 }
        return Set(ranges.flatMap { DayView.days(touchedBy: $0, in: zone) }).sorted()
    }
}
