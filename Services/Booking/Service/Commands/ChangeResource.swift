import BookingDomain
import EventLoop
import Idempotency
import Postgres
import Primitives
import Scheduling

/// Puts practitioners and rooms into the calendar, and takes them out of it. The two differ in kind only.
struct ChangeResource: Sendable {
    let desk: Desk
    let kind: Resource.Kind

    @EventLoop init(_ desk: Desk, _ kind: Resource.Kind) { (self.desk, self.kind) = (desk, kind) }

    /// A new one.
    @EventLoop func register(name: Label, hours: WeeklyHours, key: IdempotencyRecord?) async throws -> ResourceView {
        let id = Identifier<Resource>.new(at: desk.now())
        return try await CalendarChange.make(at: desk, key: key) { change in
            try await change.transaction.batch([
                "INSERT INTO resources (id, kind, name) VALUES (\(id), \(kind.rawValue), \(name.text))",
                ResourceRows.insert(hours, of: id),
            ])
            return ResourceView(id: id, name: name, hours: hours, isActive: true, version: 1, conflicts: [])
        }
    }

    /// Gives it this name and these weekly hours; one that was taken out is back.
    @EventLoop func replace(
        _ id: Identifier<Resource>, name: Label, hours: WeeklyHours, if precondition: Precondition
    ) async throws -> ResourceView {
        try await CalendarChange.make(at: desk) { change in
            try precondition.check(try await version(of: id, in: change))
            let rows = try await change.transaction.batch([
                """
                UPDATE resources SET name = \(name.text), is_active = true, version = version + 1
                WHERE id = \(id) RETURNING version
                """,
                "DELETE FROM opening_hours WHERE resource = \(id)", ResourceRows.insert(hours, of: id),
            ])
            return ResourceView(
                id: id, name: name, hours: hours, isActive: true, version: try rows[0][0].get("version"),
                conflicts: try await change.conflicts(of: id))
        }
    }

    /// Takes it out: nothing new is booked with it, and what is booked stays until somebody moves it.
    @EventLoop func deactivate(_ id: Identifier<Resource>, if precondition: Precondition) async throws -> ResourceView {
        try await CalendarChange.make(at: desk) { change in
            try precondition.check(try await version(of: id, in: change))
            let rows = try await change.transaction.batch([
                "UPDATE resources SET is_active = false, version = version + 1 WHERE id = \(id)",
                // Nobody reads an agenda any more that nobody keeps.
                "DELETE FROM feeds WHERE practitioner = \(id)",
                ResourceRows.find(kind, id), ResourceRows.hours(of: kind, id),
            ])
            let views = try ResourceRows.views(rows[2], hours: rows[3])
            return views[0].with(conflicts: try await change.conflicts(of: id))
        }
    }

    /// Throws ``NotFound`` where there is none of this kind.
    @EventLoop private func version(of id: Identifier<Resource>, in change: CalendarChange) async throws -> Int {
        let rows = try await change.transaction.query(ResourceRows.find(kind, id))
        guard let row = rows.first else { throw NotFound() }
        return try row.get("version")
    }
}
