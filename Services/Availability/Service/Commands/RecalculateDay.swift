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

    /// Throws ``NotFound`` for a day that the tenant does not publish.
    func callAsFunction(_ day: LocalDay) async throws -> DayState {
        let desk = self.desk
        let state = try await desk.store.data.transaction { transaction in
            try await transaction.batch([
                Days.withhold([day], because: .requested),
                Journal.record([Journal.Note(cause: Cause("recalculation-requested", at: desk.now()), days: [day])]),
            ])
            guard let row = try await transaction.query(Days.state(of: day)).first else { throw NotFound() }
            return try DayState(row)
        }
        desk.hurry()
        return state
    }
}
