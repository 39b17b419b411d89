import BookingDomain
import EventLoop
import Idempotency
import Postgres
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Adds, replaces and deactivates practitioners and rooms, which differ in kind only.
@EventLoop
struct ChangeResource {
    /// What a request says of a practitioner or a room.
    struct Wish: Sendable {
        let name: Label
        let hours: WeeklyHours
    }

    let context: ServiceContext
    let changes: CalendarChanges

    func register(
        _ kind: Resource.Kind, _ wish: Wish, in tenant: TenantStore, key: IdempotencyRecord?
    ) async throws -> ResourceView {
        let id = Identifier<Resource>.new(at: context.now)
        return try await changes.make(in: tenant, key: key) { change in
            try await change.transaction.batch([
                Resources.insert(id, kind, name: wish.name), OpeningTimes.insert(wish.hours, of: id),
            ])
            return ResourceView(
                id: id, name: wish.name, hours: wish.hours, isActive: true,
                version: EntityVersion(generation: change.version.generation, number: 1), conflicts: [])
        }
    }

    /// Replaces name and weekly hours; an inactive resource becomes active again.
    func replace(
        _ kind: Resource.Kind, _ id: Identifier<Resource>, by wish: Wish, in tenant: TenantStore,
        if precondition: Precondition
    ) async throws -> ResourceView {
        try await changes.make(in: tenant) { change in
            try precondition.check(try await version(of: kind, id, in: change))
            let (version, _, _) = try await change.transaction.ask(
                Resources.replace(id, name: wish.name), .run(OpeningTimes.removeWeek(of: id)),
                .run(OpeningTimes.insert(wish.hours, of: id)))
            return ResourceView(
                id: id, name: wish.name, hours: wish.hours, isActive: true, version: version,
                conflicts: try await change.conflicts(of: id))
        }
    }

    /// Deactivates it: nothing new is booked with it, and what is booked stays. The feed of a practitioner ends.
    func deactivate(
        _ kind: Resource.Kind, _ id: Identifier<Resource>, in tenant: TenantStore, if precondition: Precondition
    ) async throws -> ResourceView {
        try await changes.make(in: tenant) { change in
            try precondition.check(try await version(of: kind, id, in: change))
            let (_, _, resources, hours) = try await change.transaction.ask(
                .run(Resources.deactivate(id)), Feeds.revoke(id), Resources.find(kind, id),
                OpeningTimes.weekly(of: kind, id))
            guard let resource = resources.first else { throw NotFound() }
            return resource.view(hours[id]).with(conflicts: try await change.conflicts(of: id))
        }
    }

    /// Throws ``NotFound`` if there is none of this kind.
    private func version(
        of kind: Resource.Kind, _ id: Identifier<Resource>, in change: CalendarChange
    ) async throws -> EntityVersion {
        guard let resource = try await change.transaction.ask(Resources.find(kind, id)).first else { throw NotFound() }
        return resource.version
    }
}
