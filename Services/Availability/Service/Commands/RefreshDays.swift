import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Tenancy

/// Brings days in line with the present calendar, the next ones first, some in each transaction. Several processes may be
/// at it: each takes days that no other has.
@EventLoop
struct RefreshDays {
    private static let batchSize = 32

    let desk: Desk

    func callAsFunction() async throws {
        while try await refreshSome() {}
    }

    /// False when nothing was left to do.
    private func refreshSome() async throws -> Bool {
        let desk = self.desk
        let entries = try await desk.store.data.inBackground.transaction { transaction -> [DayEntry]? in
            let rows = try await transaction.batch([
                Calendars.keptVersion, Days.outdated(limit: Self.batchSize), Calendars.cause,
            ])
            guard let calendar = try await desk.calendars.calendar(of: desk.store, asOf: rows[0], in: transaction),
                !rows[1].isEmpty
            else { return nil }
            let update = UpdateDays(
                desk: desk, transaction: transaction, calendar: calendar, cause: try Cause(rows[2][0]))
            return try await update(rows[1].map { try Days.day($0) })
        }
        guard let entries else { return false }
        desk.committed(entries)
        return true
    }
}
