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

    /// Returns what readers are shown from now on of the days that changed for them.
    func callAsFunction(
        _ outdated: [StoredDay], by basis: Basis, in transaction: Transaction
    ) async throws -> [DayEntry] {
        let (calendar, now) = (basis.calendar, context.now)
        let reaches = outdated.compactMap { stored in
            DayView.reach(of: stored.day...stored.day, in: calendar.clinic.zone).map { (day: stored.day, reach: $0) }
        }
        guard let first = reaches.first, let last = reaches.last,
            let span = TimeRange(first.reach.start, last.reach.end)
        else { return [] }
        // The allocations are read after the events that wait: they contain the effects of those.
        let (pending, allocations, alerts) = try await transaction.ask(
            Journal.pending(outdated.map(\.day)), Placements.allocations(of: reaches),
            CareAlerts.waiting(in: span, at: now))
        // Another process may have updated a day since it was found outdated. What has arrived for it since then waits
        // for the update after its own event.
        let days = outdated.filter {
            pending[$0.day] != nil || $0.isAnswered || $0.calendarVersion < calendar.version.number
        }
        guard !days.isEmpty else { return [] }
        var update = DayUpdate(basis: basis, now: now, hasAlerts: !alerts.isEmpty)
        for (stored, view) in zip(days, try await views(of: days.map(\.day), calendar, allocations)) {
            try update.add(stored, view, pending[stored.day] ?? [])
            if days.count > Self.viewsOnLoop { await Task.yield() }
        }
        transaction.later(
            update.statements
                + [Journal.done(update.done, at: now), Days.agree(days.map(\.day), with: calendar.version.number)])
        if !update.freed.isEmpty {
            try await raiseCareAlerts(alerts, update.freed, of: calendar.tenant, in: transaction)
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
