import BookingDomain
import Messaging
import Postgres
import Primitives
import Scheduling

/// A type of care as stored, without its resources.
struct StoredCareType: Sendable {
    let careType: CareType
    let label: Label
    let duration: DurationMinutes
    let bufferBefore: Int
    let bufferAfter: Int
    let needsRoom: Bool
    let version: EntityVersion

    fileprivate init(_ row: Row) throws {
        guard let careType = CareType(rawValue: try row.get("care_type")),
            let duration = DurationMinutes(try row.get("duration_minutes"))
        else { throw CorruptRow("care_types") }
        (self.careType, self.duration) = (careType, duration)
        label = try row.find("label", as: String.self).map(Label.init(stored:)) ?? .usual(for: careType)
        (bufferBefore, bufferAfter) = (try row.get("buffer_before"), try row.get("buffer_after"))
        (needsRoom, version) = (try row.get("needs_room"), try row.version())
    }

    /// The settings for the domain.
    func settings(given resources: [CareTypeResource]) throws -> CareTypeSettings {
        try CareTypeSettings(
            duration: duration, bufferBefore: bufferBefore, bufferAfter: bufferAfter,
            practitioners: resources.ids(of: .practitioner, for: careType),
            rooms: needsRoom ? resources.ids(of: .room, for: careType) : nil)
    }

    func view(given resources: [CareTypeResource]) -> CareTypeView {
        CareTypeView(
            careType: careType, label: label, durationMinutes: duration, bufferBefore: bufferBefore,
            bufferAfter: bufferAfter,
            needsRoom: needsRoom, practitioners: resources.ids(of: .practitioner, for: careType),
            rooms: resources.ids(of: .room, for: careType), version: version)
    }
}

/// A practitioner or a room of a type of care.
struct CareTypeResource: Sendable {
    let careType: CareType
    let resource: Identifier<Resource>
    let kind: Resource.Kind

    fileprivate init(_ row: Row) throws {
        guard let careType = CareType(rawValue: try row.get("care_type")),
            let kind = Resource.Kind(rawValue: try row.get("kind"))
        else { throw CorruptRow("care_type_resources") }
        (self.careType, resource, self.kind) = (careType, try row.get("resource"), kind)
    }
}

extension [CareTypeResource] {
    fileprivate func ids(of kind: Resource.Kind, for careType: CareType) -> [Identifier<Resource>] {
        filter { $0.careType == careType && $0.kind == kind }.map(\.resource)
    }
}

/// How the clinic gives each type of care.
enum CareTypes {
    static let all: Query<[StoredCareType]> = .all(
        "SELECT *, \(SQL.generation) AS generation FROM care_types ORDER BY care_type", StoredCareType.init)

    /// The resources of all types of care, in order of preference, inactive ones included.
    static let resources: Query<[CareTypeResource]> = .all(
        """
        SELECT care_type, resource, kind FROM care_type_resources JOIN resources ON id = resource
        ORDER BY rank, resource
        """, CareTypeResource.init)

    /// The same without inactive resources.
    static let activeResources: Query<[CareTypeResource]> = .all(
        """
        SELECT care_type, resource, kind FROM care_type_resources JOIN resources ON id = resource
        WHERE is_active ORDER BY rank, resource
        """, CareTypeResource.init)

    static func version(of careType: CareType) -> Query<EntityVersion?> {
        .first("SELECT \(SQL.version) FROM care_types WHERE care_type = \(careType.rawValue)") { try $0.version() }
    }

    /// Answers the version. The resources are those of ``setResources(_:of:)``.
    static func set(
        _ careType: CareType, to settings: CareTypeSettings, label: Label?
    ) -> Query<EntityVersion> {
        .one(
            """
            INSERT INTO care_types (care_type, label, duration_minutes, buffer_before, buffer_after, needs_room)
            VALUES (\(careType.rawValue), \(label?.text), \(settings.duration.minutes), \(settings.bufferBefore),
                \(settings.bufferAfter), \(settings.rooms != nil))
            ON CONFLICT (care_type) DO UPDATE SET label = excluded.label, duration_minutes = excluded.duration_minutes,
                buffer_before = excluded.buffer_before, buffer_after = excluded.buffer_after,
                needs_room = excluded.needs_room, version = care_types.version + 1
            RETURNING \(SQL.version)
            """
        ) { try $0.version() }
    }

    /// Replaces the resources; the order of each list is the order of preference.
    static func setResources(_ lists: [[Identifier<Resource>]], of careType: CareType) -> [SQL] {
        ["DELETE FROM care_type_resources WHERE care_type = \(careType.rawValue)"]
            + lists.map { ids in
                """
                INSERT INTO care_type_resources (care_type, resource, rank)
                SELECT \(careType.rawValue), resource, rank
                FROM unnest(\(ids)::uuid[]) WITH ORDINALITY AS list (resource, rank)
                """
            }
    }
}
