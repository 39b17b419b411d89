import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Tenancy

/// Has a day looked at anew because somebody asks for it (UC102.D): nothing of it is shown until Booking has reported it.
/// Asked for again, it asks Booking again.
@EventLoop
struct RecalculateDay {
    let desk: Desk

    /// Throws ``NotThere`` for a day that the tenant does not publish.
    func callAsFunction(_ day: LocalDay) async throws -> DayState {
        let desk = self.desk
        let (entries, state) = try await desk.store.data.transaction { transaction in
            let rows = try await transaction.batch([Calendars.keptVersion, Days.lock([day])])
            guard let calendar = try await desk.calendars.calendar(of: desk.store, asOf: rows[0], in: transaction),
                !rows[1].isEmpty
            else { throw NotThere() }
            let update = UpdateDays(
                desk: desk, transaction: transaction, calendar: calendar,
                cause: Cause("recalculation-requested", at: desk.now()))
            let entries = try await update([day], trust: .lost(.requested))
            return (entries, try DayState(try await transaction.query(Days.state(of: day))[0]))
        }
        desk.committed(entries)
        return state
    }
}
