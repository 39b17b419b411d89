import BookingDomain
import EventLoop
import Idempotency
import Postgres
import Primitives
import Scheduling
import Tenancy

/// Which day of which practitioner or room.
struct ResourceDay: Sendable {
    let kind: Resource.Kind
    let resource: Identifier<Resource>
    let day: LocalDay
}

/// Sets and removes days on which a practitioner or a room has other hours than in the week.
@EventLoop
struct ChangeException {
    let changes: CalendarChanges

    /// Sets the hours of one day; none means closed.
    func set(
        _ target: ResourceDay, to hours: DayHours, reason: Reason?, in tenant: TenantStore,
        if precondition: Precondition
    ) async throws -> ExceptionView {
        let (day, resource) = (target.day, target.resource)
        return try await changes.make(in: tenant) { change in
            try precondition.check(try await version(of: target, in: change))
            let version = try await change.transaction.ask(Exceptions.set(day, of: resource, reason: reason))
            try await change.transaction.batch(Exceptions.setHours(hours, on: day, of: resource))
            return ExceptionView(
                day: day, hours: hours, reason: reason, version: version,
                conflicts: try await change.conflicts(of: resource, on: day))
        }
    }

    /// Removes the exception: the day has its weekly hours again.
    func remove(
        _ target: ResourceDay, in tenant: TenantStore, if precondition: Precondition
    ) async throws -> ConflictsView {
        try await changes.make(in: tenant) { change in
            guard let current = try await version(of: target, in: change) else { throw NotFound() }
            try precondition.check(current)
            try await change.transaction.query(Exceptions.remove(target.day, of: target.resource))
            return ConflictsView(conflicts: try await change.conflicts(of: target.resource, on: target.day))
        }
    }

    /// Returns nil if the day has no exception. Throws ``NotFound`` if there is no such resource.
    private func version(of target: ResourceDay, in change: CalendarChange) async throws -> EntityVersion? {
        let (resources, version) = try await change.transaction.ask(
            Resources.find(target.kind, target.resource), Exceptions.version(of: target.day, of: target.resource))
        guard !resources.isEmpty else { throw NotFound() }
        return version
    }
}
