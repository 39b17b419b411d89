import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling
import Tenancy

/// Asks Booking what is taken, by a message (UC102.D): for days in doubt, for a tenant that nothing is known of, or to
/// make sure.
@EventLoop
struct RequestReports {
    let desk: Desk

    /// Asks for the days in doubt whose time has come.
    func callAsFunction() async throws {
        let desk = self.desk
        try await desk.store.data.inBackground.transaction { transaction in
            let rows = try await transaction.batch([Calendars.keptVersion, Days.overdue])
            guard let calendar = try await desk.calendars.calendar(of: desk.store, asOf: rows[0], in: transaction)
            else { return }
            let due = try rows[1].map { (day: try Days.day($0), attempts: try $0.get("attempts", as: Int.self)) }
            for stretch in Self.stretches(of: due.map(\.day)) {
                for (days, report) in try await request(stretch, calendar, in: transaction) {
                    let attempts = due.filter { days.contains($0.day) }.map(\.attempts).max() ?? 0
                    let asked = Days.asked(
                        due.map(\.day).filter(days.contains), report: report,
                        patience: Doubt.patience(after: attempts + 1))
                    try await transaction.batch([asked] + (try alarm(days.lowerBound, attempts: attempts)))
                }
            }
        }
        desk.relay.wake(desk.store.data)
    }

    /// Asks for everything about a tenant that nothing is known of: the calendar, which brings the days.
    func introduce() async throws {
        let now = desk.now()
        let window = BlockedTime(from: now, to: now + .seconds(86_400))
        try await desk.store.data.inBackground.transaction { transaction in
            _ = try await request(window, knowing: [], 0, in: transaction)
        }
        desk.relay.wake(desk.store.data)
    }

    /// Asks for some days that nobody doubts, to make sure.
    func check(_ days: ClosedRange<LocalDay>) async throws {
        let desk = self.desk
        try await desk.store.data.inBackground.transaction { transaction in
            let rows = try await transaction.query(Calendars.keptVersion)
            guard let calendar = try await desk.calendars.calendar(of: desk.store, asOf: rows, in: transaction)
            else { return }
            _ = try await request(days, calendar, in: transaction)
        }
        desk.relay.wake(desk.store.data)
    }

    /// Asks about days that follow each other, in as many reports as it takes: one names only so many appointments.
    private func request(
        _ days: ClosedRange<LocalDay>, _ calendar: Calendar, in transaction: Transaction
    ) async throws -> [(days: ClosedRange<LocalDay>, report: ReportID)] {
        guard let reach = DayView.reach(of: days, in: calendar.clinic.zone) else { return [] }
        let window = BlockedTime(reach)
        let known = try await transaction.query(Placements.meeting(window)).map(Placement.init)
        guard known.count <= ReportRequested.maximumKnown || days.count == 1 else {
            let middle = days.lowerBound.advanced(by: days.count / 2)
            return try await request(days.lowerBound...middle.advanced(by: -1), calendar, in: transaction)
                + (try await request(middle...days.upperBound, calendar, in: transaction))
        }
        return [(days, try await request(window, knowing: known, calendar.version, in: transaction))]
    }

    private func request(
        _ window: BlockedTime, knowing known: [Placement], _ calendarVersion: Int, in transaction: Transaction
    ) async throws -> ReportID {
        let id = ReportID.new(at: desk.now())
        let event = ReportRequested(
            window: window, known: known.map { KnownAppointment(id: $0.appointment, version: $0.version) },
            calendarVersion: calendarVersion)
        try await transaction.query(
            Outbox.record(event, of: id.description, version: 1, tenant: desk.tenant, at: desk.now()))
        return id
    }

    /// Says so when reports do not come.
    private func alarm(_ day: LocalDay, attempts: Int) throws -> [SQL] {
        guard attempts == Doubt.attemptsBeforeAlarm else { return [] }
        return try Anomalies.record(
            .overdue, day: day, "Le recalcul attend un rapport de l’index central, demandé \(attempts) fois.",
            tenant: desk.tenant, at: desk.now())
    }

    /// Days in order, in stretches that are answered.
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

extension BlockedTime {
    init(_ range: TimeRange) { self.init(from: range.start, to: range.end) }
}
