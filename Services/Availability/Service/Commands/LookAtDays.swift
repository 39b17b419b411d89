import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling

/// Brings the views of locked days in line with what is known, and tells of what has changed.
@EventLoop
struct LookAtDays {
    /// So many are worked out at once. More would keep everybody else waiting.
    private static let daysAtOnce = 4

    let desk: Desk
    let transaction: Transaction
    let calendar: Calendar
    /// The event that told the calendar.
    let calendarCause: Cause

    /// What becomes of all days together.
    private struct Effect {
        /// Whether somebody waits for a slot on one of these days.
        let isAwaited: Bool
        var entries: [DayEntry] = []
        var done: [Journal.Entry] = []
        var statements: [SQL] = []
        /// Slots that can be booked from now on and could not before, day by day.
        var freed: [RaiseCareAlerts.Freed] = []
    }

    /// An event that waits for its day to be looked at.
    private struct Pending {
        let id: Int
        let cause: Cause
    }

    func callAsFunction(_ outdated: [StoredDay]) async throws -> [DayEntry] {
        let reaches = outdated.compactMap { stored in
            DayView.reach(of: stored.day...stored.day, in: calendar.clinic.zone).map { (day: stored.day, reach: $0) }
        }
        guard let first = reaches.first, let last = reaches.last,
            let span = TimeRange(first.reach.start, last.reach.end)
        else { return [] }
        // What is known is read after what waits: an event that is among these has its effect among those.
        let rows = try await transaction.batch([
            Journal.pending(outdated.map(\.day)), Placements.allocations(of: reaches),
            CareAlerts.waiting(in: span, at: desk.now()),
        ])
        var pending: [LocalDay: [Pending]] = [:]
        for row in rows[0] {
            pending[try Days.day(row), default: []].append(Pending(id: try row.get("id"), cause: try Cause(row)))
        }
        // Somebody else may have looked at a day since it was found outdated. What has come for it after that is left to
        // its own turn, and to its own event.
        let days = outdated.filter {
            pending[$0.day] != nil || $0.isAnswered || $0.calendarVersion < calendar.version
        }
        guard !days.isEmpty else { return [] }
        let allocations = try Placements.allocations(rows[1])
        let alerts = try rows[2].map(CareAlerts.alert)
        var effect = Effect(isAwaited: !alerts.isEmpty)
        for (stored, view) in zip(days, try await views(of: days.map(\.day), allocations)) {
            try look(at: stored, view, pending[stored.day] ?? [], &effect)
            if days.count > Self.daysAtOnce { await Task.yield() }
        }
        transaction.later(
            effect.statements + [Journal.done(effect.done), Days.agree(days.map(\.day), with: calendar.version)])
        if !effect.freed.isEmpty {
            try await RaiseCareAlerts(desk: desk, transaction: transaction)(alerts, effect.freed)
        }
        return effect.entries
    }

    /// The views of days as they are known now, in the order of `days`.
    private func views(
        of days: [LocalDay], _ allocations: [LocalDay: [Allocation]]
    ) async throws -> [(view: DayView, text: String)] {
        let calendar = self.calendar
        let questions = days.map { (day: $0, allocations: allocations[$0] ?? [], openings: calendar.openings(of: $0)) }
        let work = { @Sendable in
            questions.map { question in
                let openings = question.openings ?? DayView.openings(of: question.day, in: calendar.clinic)
                let view = DayView(
                    of: question.day, in: calendar.clinic, allocations: question.allocations, openings: openings,
                    names: calendar.names)
                return (view: view, text: view.text, openings: openings)
            }
        }
        let answers = days.count > Self.daysAtOnce ? try await desk.workshop.run(work) : work()
        for (day, answer) in zip(days, answers) { calendar.keep(answer.openings, of: day) }
        return answers.map { ($0.view, $0.text) }
    }

    private func look(
        at stored: StoredDay, _ present: (view: DayView, text: String), _ pending: [Pending], _ effect: inout Effect
    ) throws {
        let (day, view, text, isShown) = (stored.day, present.view, present.text, !stored.isDoubted)
        let looksOther = stored.version == 0 || isShown == stored.isWithheld || isShown && text != stored.view
        let version = looksOther ? stored.version + 1 : stored.version
        if stored.isAnswered { effect.statements.append(Days.trust(day)) }
        effect.done += pending.map {
            Journal.Entry(
                id: $0.id, version: version, outcome: outcome($0.cause, isShown, looksOther), isVisible: !looksOther)
        }
        guard looksOther else { return }
        let cause = pending.last?.cause ?? (stored.version == 0 ? Cause("day-opened", at: desk.now()) : calendarCause)
        if pending.isEmpty {
            let outcome = outcome(cause, isShown, true)
            effect.statements.append(Journal.record(cause, outcome, day, version: version))
        }
        // A day in doubt keeps the view that was shown last: what has become free meanwhile is seen when it is trusted.
        effect.statements.append(
            Days.write(day, version: version, view: isShown ? text : stored.view, isWithheld: !isShown))
        effect.statements.append(try told(day, isShown ? view : nil, version, cause))
        if isShown, effect.isAwaited, let earliest = view.bounds.earliest(at: desk.now()),
            let before = DayView(stored.view)
        {
            let slots = view.freed(since: before).filter { $0.start >= earliest }
            if !slots.isEmpty { effect.freed.append(.init(slots: slots, cause: cause)) }
        }
        effect.entries.append(
            DayEntry(
                key: DayKey(tenant: desk.tenant, day: day), version: version,
                content: isShown ? .view(text) : .withheld))
    }

    private func outcome(_ cause: Cause, _ isShown: Bool, _ looksOther: Bool) -> Journal.Outcome {
        if !isShown { return .withheld }
        if cause.type == AgendaReported.name.type { return .recalculated }
        return looksOther ? .published : .unchanged
    }

    /// The event for those who listen; a withheld day has nothing to offer.
    private func told(_ day: LocalDay, _ view: DayView?, _ version: Int, _ cause: Cause) throws -> SQL {
        let left = (view?.cares ?? []).map { care in
            CareTypeLeft(careType: care.careType.rawValue, free: care.left.count, first: care.left.first)
        }
        return try Outbox.record(
            DayPublished(day: day, careTypes: left), of: "\(desk.tenant)/\(day)", version: version,
            tenant: desk.tenant, at: desk.now(), causation: cause.event(of: desk.tenant))
    }
}
