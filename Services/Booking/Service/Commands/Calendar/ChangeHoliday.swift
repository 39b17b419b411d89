import BookingDomain
import EventLoop
import Idempotency
import Postgres
import Primitives
import Tenancy

/// Sets and removes days on which the whole clinic is closed, except for resources that have an exception on that day.
@EventLoop
struct ChangeHoliday {
    let changes: CalendarChanges

    func set(
        _ day: LocalDay, name: Label, in tenant: TenantStore, if precondition: Precondition
    ) async throws -> HolidayView {
        try await changes.make(in: tenant) { change in
            try precondition.check(try await change.transaction.ask(Holidays.version(of: day)))
            let version = try await change.transaction.ask(Holidays.set(day, name: name))
            return HolidayView(
                day: day, name: name, version: version, conflicts: try await change.conflicts(on: day))
        }
    }

    func remove(_ day: LocalDay, in tenant: TenantStore, if precondition: Precondition) async throws -> ConflictsView {
        try await changes.make(in: tenant) { change in
            guard let current = try await change.transaction.ask(Holidays.version(of: day)) else { throw NotFound() }
            try precondition.check(current)
            try await change.transaction.query(Holidays.remove(day))
            return ConflictsView(conflicts: try await change.conflicts(on: day))
        }
    }
}
