import BookingDomain
import EventLoop
import Idempotency
import Postgres
import Primitives
import Scheduling

/// Days on which a practitioner or a room keeps other hours than in the week.
struct ChangeException: Sendable {
    let desk: Desk
    let kind: Resource.Kind

    @EventLoop init(_ desk: Desk, _ kind: Resource.Kind) { (self.desk, self.kind) = (desk, kind) }

    /// Sets the hours of one day; none means closed.
    @EventLoop func set(
        _ day: LocalDay, of resource: Identifier<Resource>, to hours: DayHours, reason: Reason?,
        if precondition: Precondition
    ) async throws -> ExceptionView {
        try await CalendarChange.make(at: desk) { change in
            try precondition.check(try await version(day, of: resource, in: change))
            let rows = try await change.transaction.batch([
                """
                INSERT INTO exceptions (resource, day, reason) VALUES (\(resource), \(day.description), \(reason?.text))
                ON CONFLICT (resource, day) DO UPDATE SET reason = excluded.reason, version = exceptions.version + 1
                RETURNING version
                """,
                "DELETE FROM exception_hours WHERE resource = \(resource) AND day = \(day.description)",
                ResourceRows.insert(hours, on: day, of: resource),
            ])
            return ExceptionView(
                day: day, hours: hours, reason: reason, version: try rows[0][0].get("version"),
                conflicts: try await change.conflicts(of: resource, on: day))
        }
    }

    /// Lets the week hold on that day again.
    @EventLoop func remove(
        _ day: LocalDay, of resource: Identifier<Resource>, if precondition: Precondition
    ) async throws -> ConflictsView {
        try await CalendarChange.make(at: desk) { change in
            guard let current = try await version(day, of: resource, in: change) else { throw NotFound() }
            try precondition.check(current)
            try await change.transaction.query(
                "DELETE FROM exceptions WHERE resource = \(resource) AND day = \(day.description)")
            return ConflictsView(conflicts: try await change.conflicts(of: resource, on: day))
        }
    }

    /// Nil when the day has no exception; throws ``NotFound`` when there is no such resource.
    @EventLoop private func version(
        _ day: LocalDay, of resource: Identifier<Resource>, in change: CalendarChange
    ) async throws -> Int? {
        let rows = try await change.transaction.batch([
            ResourceRows.find(kind, resource),
            "SELECT version FROM exceptions WHERE resource = \(resource) AND day = \(day.description)",
        ])
        guard !rows[0].isEmpty else { throw NotFound() }
        return try rows[1].first?.get("version")
    }
}
