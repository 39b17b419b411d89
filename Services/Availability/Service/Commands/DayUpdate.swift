import AvailabilityDomain
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling

/// What an update changes: the statements to run, and the entries that readers are shown from now on.
struct DayUpdate {
    /// The view of a day as computed now, and its text.
    struct PresentView: Sendable {
        let view: DayView
        let text: String
    }

    let basis: UpdateDays.Basis
    let now: Instant
    /// Whether there are alerts for slots of one of the days.
    let hasAlerts: Bool

    private(set) var entries: [DayEntry] = []
    /// The events that waited for the update.
    private(set) var done: [Journal.Entry] = []
    private(set) var statements: [SQL] = []
    /// Slots that can be booked from now on and could not before, day by day.
    private(set) var freed: [RaiseCareAlerts.Freed] = []

    private var tenant: TenantSlug { basis.calendar.tenant }

    init(basis: UpdateDays.Basis, now: Instant, hasAlerts: Bool) {
        (self.basis, self.now, self.hasAlerts) = (basis, now, hasAlerts)
    }

    /// Adds a day, and the events that waited for it.
    mutating func add(_ stored: StoredDay, _ present: PresentView, _ pending: [Journal.Pending]) throws {
        let (day, isShown) = (stored.day, !stored.isDoubted)
        let hasChanged = stored.version == 0 || isShown == stored.isWithheld || isShown && present.text != stored.view
        let version = hasChanged ? stored.version + 1 : stored.version
        if stored.isAnswered { statements.append(Days.trust(day)) }
        done += pending.map {
            Journal.Entry(
                id: $0.id, version: version, outcome: outcome($0.cause, isShown, hasChanged), isVisible: !hasChanged)
        }
        guard hasChanged else { return }
        let cause = pending.last?.cause ?? (stored.version == 0 ? Cause("day-opened", at: now) : basis.cause)
        if pending.isEmpty {
            statements.append(
                Journal.record(cause, outcome(cause, isShown, true), day, version: version, at: now))
        }
        // A day in doubt keeps the view that was shown last: slots that become free meanwhile count once it is trusted.
        statements.append(
            Days.write(
                day, version: version, view: isShown ? present.text : stored.view, isWithheld: !isShown, at: now))
        statements.append(try event(day, isShown ? present.view : nil, version, cause))
        if isShown { addFreed(present.view, before: stored.view, cause) }
        entries.append(
            DayEntry(
                key: DayKey(tenant: tenant, day: day), version: version,
                content: isShown ? .view(present.text) : .withheld))
    }

    private mutating func addFreed(_ view: DayView, before: String, _ cause: Cause) {
        guard hasAlerts, let earliest = view.bounds.earliest(at: now), let before = DayView(before) else { return }
        let slots = view.freed(since: before).filter { $0.start >= earliest }
        if !slots.isEmpty { freed.append(.init(slots: slots, cause: cause)) }
    }

    private func outcome(_ cause: Cause, _ isShown: Bool, _ hasChanged: Bool) -> PublicationView.Outcome {
        if !isShown { return .withheld }
        if cause.type == AgendaReported.name.type { return .recalculated }
        return hasChanged ? .published : .unchanged
    }

    /// The event of a new version; a withheld day has no free slots.
    private func event(_ day: LocalDay, _ view: DayView?, _ version: Int, _ cause: Cause) throws -> SQL {
        let left = (view?.cares ?? []).map { care in
            CareTypeLeft(careType: care.careType.rawValue, free: care.left.count, first: care.left.first)
        }
        return try Outbox.record(
            DayPublished(day: day, careTypes: left), of: "\(tenant)/\(day)", version: version, tenant: tenant, at: now,
            causation: cause.event(of: tenant))
    }
}
