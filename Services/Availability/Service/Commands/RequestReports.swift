import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Asks Booking which appointments there are, by a message (UC102.D): for days in doubt, for a new tenant, or to check.
@EventLoop
struct RequestReports {
    let context: ServiceContext
    let calendars: Calendars

    init(_ context: ServiceContext, _ calendars: Calendars) { (self.context, self.calendars) = (context, calendars) }

    /// Asks about the days in doubt whose time has come.
    func callAsFunction(_ store: TenantStore) async throws {
        let now = context.now
        try await store.data.inBackground.transaction { transaction in
            let (version, due) = try await transaction.ask(CalendarRows.sharedVersion, Days.overdue(at: now))
            guard let calendar = try await calendars.calendar(of: store, version: version, in: transaction) else {
                return
            }
            for stretch in Self.stretches(of: due.map(\.day)) {
                for (days, report) in try await request(stretch, calendar, in: transaction) {
                    let asked = due.filter { days.contains($0.day) }
                    let attempts = asked.map(\.attempts).max() ?? 0
                    let statement = Days.asked(
                        asked.map(\.day), report: report, nextAt: now + Doubt.patience(after: attempts + 1))
                    try await transaction.batch(
                        [statement] + (try alarm(days.lowerBound, attempts: attempts, calendar.tenant)))
                }
            }
        }
        context.eventsCommitted(in: store.data)
    }

    /// Asks for the calendar of a new tenant. The days follow from it.
    func introduce(_ store: TenantStore) async throws {
        let now = context.now
        let window = BlockedTime(from: now, to: now + .seconds(86_400))
        try await store.data.inBackground.transaction { transaction in
            _ = try await request(window, knowing: [], calendarVersion: 0, store.tenant.slug, in: transaction)
        }
        context.eventsCommitted(in: store.data)
    }

    /// Asks about days that are not in doubt, to check them.
    func check(_ days: ClosedRange<LocalDay>, of store: TenantStore) async throws {
        try await store.data.inBackground.transaction { transaction in
            let version = try await transaction.ask(CalendarRows.sharedVersion)
            guard let calendar = try await calendars.calendar(of: store, version: version, in: transaction) else {
                return
            }
            _ = try await request(days, calendar, in: transaction)
        }
        context.eventsCommitted(in: store.data)
    }

    /// Asks about consecutive days, in several reports if needed: the number of appointments in one is limited.
    private func request(
        _ days: ClosedRange<LocalDay>, _ calendar: Calendar, in transaction: Transaction
    ) async throws -> [(days: ClosedRange<LocalDay>, report: ReportID)] {
        guard let reach = DayView.reach(of: days, in: calendar.clinic.zone) else { return [] }
        let window = BlockedTime(reach)
        let known = try await transaction.ask(Placements.meeting(window))
        guard known.count <= ReportRequested.maximumKnown || days.count == 1 else {
            let middle = days.lowerBound.advanced(by: days.count / 2)
            return try await request(days.lowerBound...middle.advanced(by: -1), calendar, in: transaction)
                + (try await request(middle...days.upperBound, calendar, in: transaction))
        }
        let report = try await request(
            window, knowing: known, calendarVersion: calendar.version.number, calendar.tenant, in: transaction)
        return [(days, report)]
    }

    private func request(
        _ window: BlockedTime, knowing known: [Placement], calendarVersion: Int, _ tenant: TenantSlug,
        in transaction: Transaction
    ) async throws -> ReportID {
        let now = context.now
        let id = ReportID.new(at: now)
        let event = ReportRequested(
            window: window, known: known.map { KnownAppointment(id: $0.appointment, version: $0.version) },
            calendarVersion: calendarVersion)
        try await transaction.query(
            Outbox.record(event, of: id.description, version: 1, tenant: tenant, at: now))
        return id
    }

    /// An anomaly if reports do not arrive.
    private func alarm(_ day: LocalDay, attempts: Int, _ tenant: TenantSlug) throws -> [SQL] {
        guard attempts == Doubt.attemptsBeforeAlarm else { return [] }
        let detail = "Le recalcul attend un rapport de l’index central, demandé \(attempts) fois."
        return try Anomalies.record(
            Anomaly(kind: .overdue, day: day, detail: detail), tenant: tenant, at: context.now)
    }

    /// Consecutive days together, in stretches that one report may cover.
    private static func stretches(of days: [LocalDay]) -> [ClosedRange<LocalDay>] {
        var stretches: [ClosedRange<LocalDay>] = []
        for day in days {
            if let last = stretches.last, day == last.upperBound.advanced(by: 1),
                last.lowerBound.distance(to: day) < ReportRequested.maximumDays - 2
            {
                stretches[stretches.count - 1] = last.lowerBound...day
            } else {
                stretches.append(day...day)
            }
        }
        return stretches
    }
}
