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
        let alerts = try CareAlerts.alerts(rows[rows.count - 1])
        var (entries, statements): ([DayEntry], [SQL]) = ([], [])
        for stored in try rows[0].map(StoredDay.init) {
            let outcome = try look(at: stored, allocations, trust, alerts, &statements)
            if let entry = outcome { entries.append(entry) }
            // Many days at once must not keep everybody else waiting.
            if days.count > 1 { await Task.yield() }
        }
        try await transaction.batch(statements + [Days.agree(days, with: calendar.version)])
        return entries
    }

    private func look(
        at stored: StoredDay, _ allocations: [Allocation], _ trust: Trust, _ alerts: [(alert: CareAlert, raised: Int)],
        _ statements: inout [SQL]
    ) throws -> DayEntry? {
        let day = stored.day
        let reach = DayView.reach(of: day...day, in: calendar.clinic.zone)
        let view = DayView(
            of: day, in: calendar.clinic,
            allocations: allocations.filter { allocation in reach.map(allocation.range.overlaps) ?? false },
            names: calendar.names)
        let text = view.text
        let doubt: Doubt?
        switch trust {
        case .unchanged: doubt = stored.doubt
        case .lost(let reason):
            doubt = reason
            statements.append(Days.withhold(day, because: reason))
        case .regained(let report):
            doubt = stored.report == report ? nil : stored.doubt
            if doubt == nil, stored.doubt != nil { statements.append(Days.trust(day)) }
        }
        let isShown = doubt == nil
        let looksOther = isShown != (stored.doubt == nil) || isShown && text != stored.view || stored.version == 0
        // A report that finds the day as it is known tells nobody anything.
        if case .regained = trust, isShown, !looksOther { return nil }
        let version = looksOther ? stored.version + 1 : stored.version
        if looksOther {
            statements.append(Days.write(day, version: version, view: text))
            statements.append(try told(day, isShown ? view : nil, version))
        } else if text != stored.view {
            // Hidden behind a doubt: nobody sees it, so it is no version.
            statements.append(Days.write(day, version: version, view: text))
        }
        statements.append(Journal.record(cause, outcome(trust, isShown, looksOther), day, version: version))
        guard looksOther else { return nil }
        if isShown, let earliest = view.bounds.earliest(at: desk.now()), let before = DayView(stored.view) {
            statements += try CareAlerts.raise(
                alerts, view.freed(since: before).filter { $0.start >= earliest }, tenant: desk.tenant, at: desk.now(),
                because: cause)
        }
        return DayEntry(
            key: DayKey(tenant: desk.tenant, day: day), version: version, content: isShown ? .view(text) : .withheld)
    }

    private func outcome(_ trust: Trust, _ isShown: Bool, _ looksOther: Bool) -> Journal.Outcome {
        if !isShown { return .withheld }
        if case .regained = trust { return .recalculated }
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
