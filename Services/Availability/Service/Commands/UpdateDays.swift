import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling

/// Brings the views of some days in line with what is known, inside the transaction of an event: whoever sees the effect
/// of the event on one sees it on all.
@EventLoop
struct UpdateDays {
    /// What becomes of doubts.
    enum Trust: Sendable {
        /// Days in doubt stay so.
        case unchanged
        /// The days are doubted from now on.
        case lost(Doubt)
        /// Days that wait for this report are trusted again; others stay as they are.
        case regained(by: ReportID)
    }

    /// Days that one appointment touches are worked out at once. More would keep everybody else waiting.
    private static let daysAtOnce = 4

    let desk: Desk
    let transaction: Transaction
    let calendar: Calendar
    let cause: Cause

    /// Writes what has changed and tells of it; days that are not stored are left out.
    ///
    /// - Parameter changes: statements that change what is known, run once the days are locked.
    /// - Returns: what readers see from the commit on, of days that have changed for them.
    func callAsFunction(
        _ days: [LocalDay], after changes: [SQL] = [], trust: Trust = .unchanged
    ) async throws -> [DayEntry] {
        guard let first = days.min(), let last = days.max(),
            let reach = DayView.reach(of: first...last, in: calendar.clinic.zone)
        else { return [] }
        let rows = try await transaction.batch(
            [Days.lock(days)] + changes
                + [Placements.allocations(meeting: reach), CareAlerts.waiting(in: reach, at: desk.now())])
        let allocations = try Placements.allocations(rows[rows.count - 2])
        let alerts = try rows[rows.count - 1].map(CareAlerts.alert)
        let present = try rows[0].map(StoredDay.init)
        let views = try await views(of: present.map(\.day), allocations)
        var effect = Effect()
        for (stored, view) in zip(present, views) {
            try look(at: stored, view, trust, &effect)
            if present.count > Self.daysAtOnce { await Task.yield() }
        }
        try await transaction.batch(effect.statements + [Days.agree(days, with: calendar.version)])
        try await RaiseCareAlerts(desk: desk, transaction: transaction, cause: cause)(alerts, effect.freed)
        return effect.entries
    }

    /// What becomes of all days together.
    private struct Effect {
        var entries: [DayEntry] = []
        var statements: [SQL] = []
        /// Slots that can be booked from now on and could not before, by start.
        var freed: [FreeSlot] = []
    }

    /// The views of days as they are known now, in the order of `days`.
    private func views(of days: [LocalDay], _ allocations: [Allocation]) async throws -> [DayView] {
        let calendar = self.calendar
        let work = { @Sendable in
            days.map { day in
                let reach = DayView.reach(of: day...day, in: calendar.clinic.zone)
                return DayView(
                    of: day, in: calendar.clinic,
                    allocations: allocations.filter { allocation in reach.map(allocation.range.overlaps) ?? false },
                    names: calendar.names)
            }
        }
        return days.count > Self.daysAtOnce ? try await desk.workshop.run(work) : work()
    }

    private func look(
        at stored: StoredDay, _ view: DayView, _ trust: Trust, _ effect: inout Effect
    ) throws {
        let (day, text) = (stored.day, view.text)
        let doubt: Doubt?
        switch trust {
        case .unchanged: doubt = stored.doubt
        case .lost(let reason):
            doubt = reason
            effect.statements.append(Days.withhold(day, because: reason))
        case .regained(let report):
            doubt = stored.report == report ? nil : stored.doubt
            if doubt == nil, stored.doubt != nil { effect.statements.append(Days.trust(day)) }
        }
        let isShown = doubt == nil
        let looksOther = isShown != (stored.doubt == nil) || isShown && text != stored.view || stored.version == 0
        let version = looksOther ? stored.version + 1 : stored.version
        if let outcome = outcome(trust, stored.doubt, isShown, looksOther) {
            effect.statements.append(
                Journal.record(cause, outcome, day, version: version, isVisible: !looksOther))
        }
        guard looksOther else { return }
        // A day in doubt keeps the view that was shown last: what has become free meanwhile is seen when it is trusted.
        effect.statements.append(Days.write(day, version: version, view: isShown ? text : stored.view))
        effect.statements.append(try told(day, isShown ? view : nil, version))
        if isShown, let earliest = view.bounds.earliest(at: desk.now()), let before = DayView(stored.view) {
            effect.freed += view.freed(since: before).filter { $0.start >= earliest }
        }
        effect.entries.append(
            DayEntry(
                key: DayKey(tenant: desk.tenant, day: day), version: version,
                content: isShown ? .view(text) : .withheld))
    }

    /// Nil for a day that nobody doubted and a report confirms: there is nothing to tell of it.
    private func outcome(_ trust: Trust, _ doubt: Doubt?, _ isShown: Bool, _ looksOther: Bool) -> Journal.Outcome? {
        if !isShown { return .withheld }
        if case .regained = trust { return looksOther || doubt != nil ? .recalculated : nil }
        return looksOther ? .published : .unchanged
    }

    /// The event for those who listen; a withheld day has nothing to offer.
    private func told(_ day: LocalDay, _ view: DayView?, _ version: Int) throws -> SQL {
        let left = (view?.cares ?? []).map { care in
            CareTypeLeft(careType: care.careType.rawValue, free: care.left.count, first: care.left.first)
        }
        return try Outbox.record(
            DayPublished(day: day, careTypes: left), of: "\(desk.tenant)/\(day)", version: version,
            tenant: desk.tenant, at: desk.now(), causation: cause.envelope)
    }
}
