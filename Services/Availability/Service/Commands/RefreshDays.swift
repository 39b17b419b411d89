import AvailabilityDomain
import EventLoop
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Updates the days of a tenant that wait for it, the next ones first, and publishes them: all days after a change of the
/// calendar, days that a report is about, and those that could not be updated together with their events.
@EventLoop
struct RefreshDays {
    /// Days of one transaction.
    private static let batchSize = 32

    /// What is left to do afterwards.
    struct Rest {
        /// A day has been withheld: a report has to be asked for.
        var isWithholding = false
        /// Another process was updating one of the days, so they have to be checked once more.
        var isBusy = false
    }

    /// One transaction: how many days were due, how many of them were locked, and the entries that changed.
    private struct Round {
        let due: Int
        let locked: Int
        let entries: [DayEntry]
    }

    let context: ServiceContext
    let calendars: Calendars
    let updateDays: UpdateDays
    let publisher: CachePublisher

    init(
        _ context: ServiceContext, _ calendars: Calendars, _ updateDays: UpdateDays, _ publisher: CachePublisher
    ) {
        (self.context, self.calendars, self.updateDays, self.publisher) = (context, calendars, updateDays, publisher)
    }

    @discardableResult
    func callAsFunction(_ store: TenantStore) async throws -> Rest {
        var rest = Rest()
        while true {
            let round = try await refreshSome(of: store)
            context.eventsCommitted(in: store.data)
            publisher.publish(round.entries, of: store)
            rest.isWithholding = rest.isWithholding || round.entries.contains { $0.content == .withheld }
            rest.isBusy = rest.isBusy || round.locked < round.due
            if round.due < Self.batchSize || round.locked == 0 { return rest }
        }
    }

    private func refreshSome(of store: TenantStore) async throws -> Round {
        try await store.data.inBackground.transaction { transaction -> Round in
            let (_, version, cause, days) = try await transaction.ask(
                Query(SQL.alongIndexes) { _ in }, CalendarRows.sharedVersion, CalendarRows.cause,
                Days.outdated(limit: Self.batchSize))
            guard let calendar = try await calendars.calendar(of: store, version: version, in: transaction),
                let cause, !days.locked.isEmpty
            else { return Round(due: days.count, locked: 0, entries: []) }
            let entries = try await updateDays(
                days.locked, by: .init(calendar: calendar, cause: cause), in: transaction)
            return Round(due: days.count, locked: days.locked.count, entries: entries)
        }
    }
}
