import EventLoop
import Idempotency
import Postgres
import Primitives
import Scheduling

/// Says how the clinic gives a type of care, who gives it and where. Appointments that stand keep their length.
struct SetCareType: Sendable {
    let desk: Desk

    @EventLoop init(_ desk: Desk) { self.desk = desk }

    @EventLoop func callAsFunction(
        _ careType: CareType, to settings: CareTypeSettings, rooms: [Identifier<Resource>],
        if precondition: Precondition
    ) async throws -> CareTypeView {
        try await CalendarChange.make(at: desk) { change in
            let name = careType.rawValue
            let found = try await change.transaction.batch([
                "SELECT version FROM care_types WHERE care_type = \(name)",
                "SELECT id, kind FROM resources WHERE is_active AND id = ANY (\(settings.practitioners + rooms)::uuid[])",
            ])
            try precondition.check(try found[0].first?.get("version"))
            var kinds: [Identifier<Resource>: String] = [:]
            for row in found[1] { kinds[try row.get("id")] = try row.get("kind") }
            try Self.check(settings.practitioners, are: .practitioner, kinds)
            try Self.check(rooms, are: .room, kinds)
            let rows = try await change.transaction.batch([
                """
                INSERT INTO care_types (care_type, duration_minutes, buffer_before, buffer_after, needs_room)
                VALUES (\(name), \(settings.duration.minutes), \(settings.bufferBefore), \(settings.bufferAfter),
                    \(settings.rooms != nil))
                ON CONFLICT (care_type) DO UPDATE SET duration_minutes = excluded.duration_minutes,
                    buffer_before = excluded.buffer_before, buffer_after = excluded.buffer_after,
                    needs_room = excluded.needs_room, version = care_types.version + 1
                RETURNING version
                """,
                "DELETE FROM care_type_resources WHERE care_type = \(name)",
                Self.insert(settings.practitioners, of: name), Self.insert(rooms, of: name),
            ])
            return CareTypeView(
                careType: careType, durationMinutes: settings.duration, bufferBefore: settings.bufferBefore,
                bufferAfter: settings.bufferAfter, needsRoom: settings.rooms != nil,
                practitioners: settings.practitioners, rooms: rooms, version: try rows[0][0].get("version"))
        }
    }

    private static func check(
        _ ids: [Identifier<Resource>], are kind: Resource.Kind, _ kinds: [Identifier<Resource>: String]
    ) throws(UnfitResources) {
        let unfit = ids.indices.filter { kinds[ids[$0]] != kind.rawValue || ids.prefix($0).contains(ids[$0]) }
        guard unfit.isEmpty else { throw UnfitResources(kind: kind, places: unfit) }
    }

    /// The order of the list is the order of preference.
    private static func insert(_ ids: [Identifier<Resource>], of careType: String) -> SQL {
        """
        INSERT INTO care_type_resources (care_type, resource, rank)
        SELECT \(careType), resource, rank FROM unnest(\(ids)::uuid[]) WITH ORDINALITY AS list (resource, rank)
        """
    }
}

/// Some of a list are none of this kind, no longer active, or there twice.
struct UnfitResources: Error {
    let kind: Resource.Kind
    /// Where in the list, from 0.
    let places: [Int]
}
