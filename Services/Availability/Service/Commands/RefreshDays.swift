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
        var isWithholding = false
        while let entries = try await refreshSome() {
            desk.committed(entries)
            isWithholding = isWithholding || entries.contains { $0.content == .withheld }
        }
        return isWithholding
    }

    /// What readers see from now on of some days; nil when there was nothing to look at.
    private func refreshSome() async throws -> [DayEntry]? {
        let desk = self.desk
        return try await desk.store.data.inBackground.transaction { transaction -> [DayEntry]? in
            let rows = try await transaction.batch([
                Calendars.keptVersion, Calendars.cause, Days.outdated(limit: Self.batchSize),
            ])
            guard let calendar = try await desk.calendars.calendar(of: desk.store, asOf: rows[0], in: transaction),
                !rows[2].isEmpty
            else { return nil }
            let look = LookAtDays(
                desk: desk, transaction: transaction, calendar: calendar, calendarCause: try Cause(rows[1][0]))
            return try await look(try rows[2].map(StoredDay.init))
        }
    }
}
