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
    private var done: [Journal.Done] = []
    /// What is new in the journal.
    private var lines: [Journal.Line] = []
    private var versions: [Days.Version] = []
    private var events: [Outbox.Entry] = []
    private var trusted: [LocalDay] = []
    /// Days that stay as they are under a newer calendar.
    private var confirmed: [LocalDay] = []
    /// Slots that can be booked from now on and could not before, day by day.
    private(set) var freed: [RaiseCareAlerts.Freed] = []

    private var tenant: TenantSlug { basis.calendar.tenant }
    private var calendarVersion: Int { basis.calendar.version.number }

    init(basis: UpdateDays.Basis, now: Instant, hasAlerts: Bool) {
        (self.basis, self.now, self.hasAlerts) = (basis, now, hasAlerts)
    }

    /// One statement a table, however many days there are.
    var statements: [SQL] {
        [
            trusted.isEmpty ? nil : Days.trust(trusted),
            versions.isEmpty ? nil : Days.write(versions, calendarVersion: calendarVersion, at: now),
            confirmed.isEmpty ? nil : Days.agree(confirmed, with: calendarVersion),
            done.isEmpty ? nil : Journal.done(done, at: now), lines.isEmpty ? nil : Journal.record(lines, at: now),
            events.isEmpty ? nil : Outbox.record(events),
        ].compactMap { $0 }
    }

    /// Adds a day.
    ///
    /// - Parameters:
    ///   - pending: the events that waited for its update.
    ///   - news: the events that this transaction handles, which are not in the journal yet.
    mutating func add(
        _ stored: StoredDay, _ present: PresentView, _ pending: [Journal.Pending], _ news: [Cause]
    ) throws {
        let (day, isShown) = (stored.day, !stored.isDoubted)
        let hasChanged = stored.version == 0 || isShown == stored.isWithheld || isShown && present.text != stored.view
        let version = hasChanged ? stored.version + 1 : stored.version
        if stored.isAnswered { trusted.append(day) }
        done += pending.map {
            Journal.Done(
                id: $0.id, version: version, outcome: outcome($0.cause, isShown, hasChanged), isVisible: !hasChanged)
        }
        lines += news.map { line($0, day, version, isShown, hasChanged) }
        guard hasChanged else {
            if stored.calendarVersion < calendarVersion { confirmed.append(day) }
            return
        }
        let cause =
            news.last ?? pending.last?.cause ?? (stored.version == 0 ? Cause("day-opened", at: now) : basis.cause)
        if news.isEmpty, pending.isEmpty { lines.append(line(cause, day, version, isShown, true)) }
        // A day in doubt keeps the view that was shown last: slots that become free meanwhile count once it is trusted.
        versions.append(
            Days.Version(
                day: day, number: version, view: isShown ? present.text : stored.view, isWithheld: !isShown))
        events.append(try event(day, isShown ? present.view : nil, version, cause))
        if isShown { addFreed(present.view, before: stored.view, cause) }
        entries.append(
            DayEntry(
                key: DayKey(tenant: tenant, day: day), version: version,
                content: isShown ? .view(present.text) : .withheld))
    }

    private func line(
        _ cause: Cause, _ day: LocalDay, _ version: Int, _ isShown: Bool, _ hasChanged: Bool
    ) -> Journal.Line {
        Journal.Line(
            cause: cause, day: day, version: version, outcome: outcome(cause, isShown, hasChanged),
            isVisible: !hasChanged)
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
    private func event(_ day: LocalDay, _ view: DayView?, _ version: Int, _ cause: Cause) throws -> Outbox.Entry {
        let left = (view?.cares ?? []).map { care in
            CareTypeLeft(careType: care.careType.rawValue, free: care.left.count, first: care.left.first)
        }
        return try Outbox.entry(
            DayPublished(day: day, careTypes: left), of: "\(tenant)/\(day)", version: version, tenant: tenant, at: now,
            causation: cause.event(of: tenant))
    }
}
