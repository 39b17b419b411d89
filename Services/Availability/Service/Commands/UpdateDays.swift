import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling
import ServiceHost

/// Computes the views of locked days, and stores and publishes what has changed.
@EventLoop
struct UpdateDays {
    /// The calendar, and the event that brought it.
    struct Basis {
        let calendar: Calendar
        let cause: Cause
    }

    /// Views that are computed on the event loop. More would delay other work, so they are computed on ``pool``.
    private static let viewsOnLoop = 4

    let context: ServiceContext
    let raiseCareAlerts: RaiseCareAlerts
    /// One thread: however many days have to be computed, a core is left for requests.
    let pool = BlockingPool(threads: 1, waiting: 4096)

    init(context: ServiceContext) {
        (self.context, raiseCareAlerts) = (context, RaiseCareAlerts(context: context))
    }

    /// What is read about days beside their rows.
    private struct Material {
        let pending: [LocalDay: [Journal.Pending]]
        let allocations: [LocalDay: [Allocation]]
        let alerts: [CareAlert]
    }

    /// Updates days that have been found outdated. Returns what readers are shown from now on of those that changed for
    /// them.
    func callAsFunction(
        _ outdated: [StoredDay], by basis: Basis, in transaction: Transaction
    ) async throws -> [DayEntry] {
        let now = context.now
        guard let read = Self.material(of: outdated.map(\.day), in: basis.calendar.clinic.zone, at: now) else {
            return []
        }
        let (pending, allocations, alerts) = try await transaction.ask(read.0, read.1, read.2)
        // Another process may have updated a day since it was found outdated. What has arrived for it since then waits
        // for the update after its own event.
        let days = outdated.filter {
            pending[$0.day] != nil || $0.isAnswered || $0.calendarVersion < basis.calendar.version.number
        }
        let material = Material(pending: pending, allocations: allocations, alerts: alerts)
        return try await update(days, material, [:], basis, at: now, in: transaction)
    }

    /// Updates days in the transaction of the events that touch them, as far as readers trust these days and no other
    /// process has locked them.
    ///
    /// - Parameter news: the events by day. They are not in the journal yet.
    func callAsFunction(
        because news: [LocalDay: [Cause]], by basis: Basis, in transaction: Transaction
    ) async throws -> (updated: Set<LocalDay>, entries: [DayEntry]) {
        let (now, days) = (context.now, news.keys.sorted())
        guard let read = Self.material(of: days, in: basis.calendar.clinic.zone, at: now) else { return ([], []) }
        let (locked, pending, allocations, alerts) = try await transaction.ask(
            Days.trusted(days), read.0, read.1, read.2)
        let material = Material(pending: pending, allocations: allocations, alerts: alerts)
        let entries = try await update(locked, material, news, basis, at: now, in: transaction)
        return (Set(locked.map(\.day)), entries)
    }

    /// The queries are asked in this order, after the days are locked: what is taken contains the effects of the events
    /// that wait. Nil without days.
    private static func material(
        of days: [LocalDay], in zone: ZoneOffsets, at now: Instant
    ) -> (Query<[LocalDay: [Journal.Pending]]>, Query<[LocalDay: [Allocation]]>, Query<[CareAlert]>)? {
        let reaches = days.compactMap { day in
            DayView.reach(of: day...day, in: zone).map { (day: day, reach: $0) }
        }
        guard let first = reaches.first, let last = reaches.last,
            let span = TimeRange(first.reach.start, last.reach.end)
        else { return nil }
        return (Journal.pending(days), Placements.allocations(of: reaches), CareAlerts.waiting(in: span, at: now))
    }

    private func update(
        _ days: [StoredDay], _ material: Material, _ news: [LocalDay: [Cause]], _ basis: Basis, at now: Instant,
        in transaction: Transaction
    ) async throws -> [DayEntry] {
        guard !days.isEmpty else { return [] }
        let calendar = basis.calendar
        var update = DayUpdate(basis: basis, now: now, hasAlerts: !material.alerts.isEmpty)
        for (stored, view) in zip(days, try await views(of: days.map(\.day), calendar, material.allocations)) {
            try update.add(stored, view, material.pending[stored.day] ?? [], news[stored.day] ?? [])
            if days.count > Self.viewsOnLoop { await Task.yield() }
        }
        transaction.later(update.statements)
        if !update.freed.isEmpty {
            try await raiseCareAlerts(material.alerts, update.freed, of: calendar.tenant, in: transaction)
        }
        return update.entries
    }

    /// The present views of days, in the order of `days`.
    private func views(
        of days: [LocalDay], _ calendar: Calendar, _ allocations: [LocalDay: [Allocation]]
    ) async throws -> [DayUpdate.PresentView] {
        let questions = days.map { (day: $0, allocations: allocations[$0] ?? [], openings: calendar.openings(of: $0)) }
        let work = { @Sendable in
            questions.map { question in
                let openings = question.openings ?? DayView.openings(of: question.day, in: calendar.clinic)
                let view = DayView(
                    of: question.day, in: calendar.clinic, allocations: question.allocations, openings: openings,
                    names: calendar.names)
                return (view: DayUpdate.PresentView(view: view, text: view.text), openings: openings)
            }
        }
        let answers = days.count > Self.viewsOnLoop ? try await pool.run(work) : work()
        for (day, answer) in zip(days, answers) { calendar.keep(answer.openings, of: day) }
        return answers.map(\.view)
    }
}
