import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling
import Tenancy

/// Looks at the days that something has happened to, the next ones first, and shows what has become of them.
///
/// Events only note what is taken and which days they touch. So many that touch one day at a time are one look and one
/// version, and a rush is published by the day instead of by the booking.
@EventLoop
struct RefreshDays {
    /// Days of one transaction.
    private static let batchSize = 32

    let desk: Desk

    /// Returns once nothing is left to look at; true when some day is withheld.
    @discardableResult
    func callAsFunction() async throws -> Bool {
        var (isWithholding, isDone) = (false, false)
        while !isDone {
            let (count, entries) = try await refreshSome()
            desk.committed(entries)
            isWithholding = isWithholding || entries.contains { $0.content == .withheld }
            isDone = count < Self.batchSize
        }
        return isWithholding
    }

    /// How many days were looked at, and what readers see from now on of those that changed for them.
    private func refreshSome() async throws -> (count: Int, entries: [DayEntry]) {
        let desk = self.desk
        return try await desk.store.data.inBackground.transaction { transaction -> (count: Int, entries: [DayEntry]) in
            let rows = try await transaction.batch([
                SQL.alongIndexes, Calendars.keptVersion, Calendars.cause, Days.outdated(limit: Self.batchSize),
            ])
            guard let calendar = try await desk.calendars.calendar(of: desk.store, asOf: rows[1], in: transaction),
                !rows[3].isEmpty
            else { return (0, []) }
            let look = LookAtDays(
                desk: desk, transaction: transaction, calendar: calendar, calendarCause: try Cause(rows[2][0]))
            return (rows[3].count, try await look(try rows[3].map(StoredDay.init)))
        }
    }
}
