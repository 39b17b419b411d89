import BookingDomain
import EventLoop
import Idempotency
import Postgres
import Primitives

/// Days on which the whole clinic is closed, save for those who have an exception on them.
struct ChangeHoliday: Sendable {
    let desk: Desk

    @EventLoop init(_ desk: Desk) { self.desk = desk }

    @EventLoop func set(_ day: LocalDay, name: Label, if precondition: Precondition) async throws -> HolidayView {
        try await CalendarChange.make(at: desk) { change in
            try precondition.check(try await version(of: day, in: change))
            let rows = try await change.transaction.query(
                """
                INSERT INTO holidays (day, name) VALUES (\(day.description), \(name.text))
                ON CONFLICT (day) DO UPDATE SET name = excluded.name, version = holidays.version + 1
                RETURNING version
                """)
            return HolidayView(
                day: day, name: name, version: try rows[0].get("version"),
                conflicts: try await change.conflicts(on: day))
        }
    }

    @EventLoop func remove(_ day: LocalDay, if precondition: Precondition) async throws -> ConflictsView {
        try await CalendarChange.make(at: desk) { change in
            guard let current = try await version(of: day, in: change) else { throw NotFound() }
            try precondition.check(current)
            try await change.transaction.query("DELETE FROM holidays WHERE day = \(day.description)")
            return ConflictsView(conflicts: try await change.conflicts(on: day))
        }
    }

    @EventLoop private func version(of day: LocalDay, in change: CalendarChange) async throws -> Int? {
        let rows = try await change.transaction.query("SELECT version FROM holidays WHERE day = \(day.description)")
        return try rows.first?.get("version")
    }
}
