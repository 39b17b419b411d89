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

    /// What is left to do afterwards.
    struct Rest {
        /// Some day is withheld: a report must be asked for.
        var isWithholding = false
        /// Another process was looking at some day, so the days must be looked at once more.
        var isBusy = false
    }

    let desk: Desk

    @discardableResult
    func callAsFunction() async throws -> Rest {
        var rest = Rest()
        while true {
            let round = try await refreshSome()
            desk.committed(round.entries)
            rest.isWithholding = rest.isWithholding || round.entries.contains { $0.content == .withheld }
            rest.isBusy = rest.isBusy || round.looked < round.due
            if round.due < Self.batchSize || round.looked == 0 { return rest }
        }
    }

    /// How many days were due, how many of them were looked at, and what readers see from now on of those that changed for
    /// them.
    private typealias Round = (due: Int, looked: Int, entries: [DayEntry])

    private func refreshSome() async throws -> Round {
        let desk = self.desk
        return try await desk.store.data.inBackground.transaction { transaction -> Round in
            let rows = try await transaction.batch([
                SQL.alongIndexes, Calendars.keptVersion, Calendars.cause, Days.outdated(limit: Self.batchSize),
            ])
            let days = try rows[3].compactMap(StoredDay.init)
            guard let calendar = try await desk.calendars.calendar(of: desk.store, asOf: rows[1], in: transaction),
                !days.isEmpty
            else { return (rows[3].count, 0, []) }
            let look = LookAtDays(
                desk: desk, transaction: transaction, calendar: calendar, calendarCause: try Cause(rows[2][0]))
            return (rows[3].count, days.count, try await look(days))
        }
    }
}
