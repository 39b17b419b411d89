import BookingDomain
import EventLoop
import Idempotency
import Postgres
import Primitives
import Scheduling
import Tenancy

/// Sets how the clinic gives a type of care, who gives it and where. Existing appointments keep their length.
@EventLoop
struct SetCareType {
    struct Wish: Sendable {
        /// Nil for the usual name.
        let label: Label?
        let settings: CareTypeSettings
        /// Kept even if the care needs no room.
        let rooms: [Identifier<Resource>]
    }

    let changes: CalendarChanges

    /// A resource that gives the care already may stay in the list after it was deactivated, so that a list can be sent
    /// back as it was read. Throws ``UnfitResources``.
    func callAsFunction(
        _ careType: CareType, _ wish: Wish, in tenant: TenantStore, if precondition: Precondition
    ) async throws -> CareTypeView {
        let (settings, rooms) = (wish.settings, wish.rooms)
        return try await changes.make(in: tenant) { change in
            let (current, kinds) = try await change.transaction.ask(
                CareTypes.version(of: careType), Resources.kinds(of: settings.practitioners + rooms, for: careType))
            try precondition.check(current)
            try Self.check(settings.practitioners, are: .practitioner, kinds)
            try Self.check(rooms, are: .room, kinds)
            let version = try await change.transaction.ask(CareTypes.set(careType, to: settings, label: wish.label))
            try await change.transaction.batch(
                CareTypes.setResources([settings.practitioners, rooms], of: careType))
            return CareTypeView(
                careType: careType, label: wish.label ?? .usual(for: careType), durationMinutes: settings.duration,
                bufferBefore: settings.bufferBefore,
                bufferAfter: settings.bufferAfter, needsRoom: settings.rooms != nil,
                practitioners: settings.practitioners, rooms: rooms, version: version)
        }
    }

    private static func check(
        _ ids: [Identifier<Resource>], are kind: Resource.Kind, _ kinds: [Identifier<Resource>: Resource.Kind]
    ) throws(UnfitResources) {
        let unfit = ids.indices.filter { kinds[ids[$0]] != kind || ids.prefix($0).contains(ids[$0]) }
        guard unfit.isEmpty else { throw UnfitResources(kind: kind, places: unfit) }
    }
}

/// Some resources of a list are of another kind, inactive, or listed twice.
struct UnfitResources: Error {
    let kind: Resource.Kind
    /// Their indices in the list.
    let places: [Int]
}
