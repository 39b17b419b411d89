import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Runtime
import Scheduling
import ServiceHost
import Tenancy

/// Updates appointments to what their events say, and the days that they touch.
///
/// An event carries the whole appointment, so a repetition or an older event changes nothing. If a version is missing
/// before an event, another event was lost: what this appointment takes is certain, but the days that it touches are
/// withheld until Booking has reported them.
@EventLoop
struct FollowAppointments {
    /// One event, and what it says.
    struct News: Sendable {
        let entry: AgendaEntry
        let cause: Cause
    }

    /// What events have changed.
    struct Outcome {
        /// What readers are shown of the days that were updated.
        var entries: [DayEntry] = []
        /// Whether days that were touched are still to be updated.
        var isUnfinished = false
    }

    /// What events say that was not known.
    private struct Changes {
        var entries: [AgendaEntry] = []
        var notes: [Journal.Note] = []
        /// The statements that withhold days of which an event was lost.
        var doubts: [SQL] = []
    }

    let context: ServiceContext
    let calendars: Calendars
    let updateDays: UpdateDays

    init(_ context: ServiceContext, _ calendars: Calendars, _ updateDays: UpdateDays) {
        (self.context, self.calendars, self.updateDays) = (context, calendars, updateDays)
    }

    /// - Parameters:
    ///   - news: in the order of the events.
    ///   - generation: of Booking's data. Nothing is followed if a restore has ended it; a later one begins the copy
    ///     again, see ``FollowRestore``.
    func callAsFunction(
        _ news: [News], generation: Int, of store: TenantStore, in transaction: Transaction
    ) async throws -> Outcome {
        let zone = try await calendars.zone(of: store)
        let (isNew, present, version, placements) = try await transaction.ask(
            BookingGeneration.enter(generation), BookingGeneration.locked, CalendarRows.sharedVersion,
            Placements.find(news.map(\.entry.appointment)))
        guard present == generation else { return Outcome() }
        if isNew { try await transaction.batch(BookingGeneration.reset(at: context.now)) }
        let changes = try changes(news, isNew ? [:] : placements, zone, of: store.tenant.slug)
        guard !changes.entries.isEmpty else { return Outcome() }
        transaction.later(Placements.follow(changes.entries))
        guard !isNew, changes.doubts.isEmpty, let cause = changes.notes.last?.cause,
            let calendar = try await calendars.calendar(of: store, version: version, in: transaction)
        else {
            transaction.later([Journal.record(changes.notes)] + changes.doubts)
            return Outcome(isUnfinished: true)
        }
        return try await update(changes, by: .init(calendar: calendar, cause: cause), in: transaction)
    }

    /// Updates the days at once. Those that another process has locked, or that readers do not trust, wait for
    /// ``RefreshDays``.
    private func update(
        _ changes: Changes, by basis: UpdateDays.Basis, in transaction: Transaction
    ) async throws -> Outcome {
        var causes: [LocalDay: [Cause]] = [:]
        for note in changes.notes {
            for day in note.days { causes[day, default: []].append(note.cause) }
        }
        // A day has events of several traces; its own event belongs to none of them.
        let (updated, entries) = try await TraceContext.$current.withValue(nil) { [causes] in
            try await updateDays(because: causes, by: basis, in: transaction)
        }
        let left = changes.notes.map { note in
            Journal.Note(cause: note.cause, days: note.days.filter { !updated.contains($0) })
        }
        guard left.contains(where: { !$0.days.isEmpty }) else { return Outcome(entries: entries) }
        transaction.later([Journal.record(left)])
        return Outcome(entries: entries, isUnfinished: true)
    }

    private func changes(
        _ news: [News], _ placements: [AppointmentID: Placement], _ zone: ZoneOffsets, of tenant: TenantSlug
    ) throws -> Changes {
        var known = placements.mapValues { (version: $0.version, blocked: $0.blocked) }
        var changes = Changes()
        for item in news {
            let (entry, before) = (item.entry, known[item.entry.appointment])
            guard entry.version > before?.version ?? 0 else { continue }
            let taken = try entry.taken?.blocked.range
            let days = Set(
                [before?.blocked, taken].compactMap { $0 }.flatMap { DayView.days(touchedBy: $0, in: zone) }
            ).sorted()
            if entry.version > (before?.version ?? 0) + 1 { changes.doubts += try doubt(days, item, tenant) }
            changes.entries.append(entry)
            changes.notes.append(Journal.Note(cause: item.cause, days: days))
            if let blocked = taken ?? before?.blocked { known[entry.appointment] = (entry.version, blocked) }
        }
        return changes
    }

    private func doubt(_ days: [LocalDay], _ news: News, _ tenant: TenantSlug) throws -> [SQL] {
        let (now, version) = (context.now, news.entry.version)
        let anomaly = Anomaly(
            kind: .gap, day: days.first, event: news.cause.id,
            detail: "Une version manque avant la version \(version) d’un rendez-vous ; la journée est recalculée.")
        return [Days.withhold(days, because: .gap, at: now)]
            + (try Anomalies.record(anomaly, tenant: tenant, at: now, causation: news.cause.event(of: tenant)))
    }
}
