import AvailabilityDomain
import EventLoop
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Recalculates a day at an administrator's request (UC102.D): nothing of it is shown until Booking has reported it. A
/// repeated request asks Booking again.
@EventLoop
struct RecalculateDay {
    let context: ServiceContext
    let refresher: DayRefresher

    init(_ context: ServiceContext, _ refresher: DayRefresher) { (self.context, self.refresher) = (context, refresher) }

    /// Throws ``NotFound`` if the tenant does not publish the day.
    func callAsFunction(_ day: LocalDay, of store: TenantStore) async throws -> DayState {
        let now = context.now
        let state = try await store.data.transaction { transaction in
            try await transaction.batch([
                Days.withhold([day], because: .requested, at: now),
                Journal.record([Journal.Note(cause: Cause("recalculation-requested", at: now), days: [day])]),
            ])
            let state = try await transaction.ask(Days.state(of: day))
            guard let state else { throw NotFound() }
            return state
        }
        refresher.trigger(store)
        return state
    }
}
