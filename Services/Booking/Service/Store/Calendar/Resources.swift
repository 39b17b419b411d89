import BookingDomain
import Messaging
import Postgres
import Primitives
import Scheduling

/// A practitioner or a room as stored.
struct StoredResource: Sendable {
    let id: Identifier<Resource>
    let kind: Resource.Kind
    let name: String
    let isActive: Bool
    let version: EntityVersion

    fileprivate init(_ row: Row) throws {
        guard let kind = Resource.Kind(rawValue: try row.get("kind")) else { throw CorruptRow("resources") }
        (id, self.kind, name) = (try row.get("id"), kind, try row.get("name"))
        (isActive, version) = (try row.get("is_active"), try row.version())
    }

    /// The resource with its weekly hours.
    func view(_ hours: [Weekday: DayHours]?) -> ResourceView {
        ResourceView(
            id: id, name: Label(stored: name), hours: WeeklyHours(hours ?? [:]), isActive: isActive, version: version,
            conflicts: nil)
    }
}

/// Practitioners and rooms.
enum Resources {
    private static let columns: SQL = "id, kind, name, is_active, \(SQL.version)"

    /// All resources, inactive ones included.
    static let all: Query<[StoredResource]> = .all("SELECT \(columns) FROM resources ORDER BY id", StoredResource.init)

    /// All of a kind, or one of them, by name.
    static func find(_ kind: Resource.Kind, _ id: Identifier<Resource>? = nil) -> Query<[StoredResource]> {
        .all(
            """
            SELECT \(columns) FROM resources
            WHERE kind = \(kind.rawValue) AND (\(id)::uuid IS NULL OR id = \(id)) ORDER BY name, id
            """, StoredResource.init)
    }

    /// The kinds of those of these resources that are active, or give the care already.
    static func kinds(
        of ids: [Identifier<Resource>], for careType: CareType
    ) -> Query<[Identifier<Resource>: Resource.Kind]> {
        Query(
            """
            SELECT \(columns) FROM resources WHERE id = ANY (\(ids)::uuid[]) AND (is_active OR id IN (
                SELECT resource FROM care_type_resources WHERE care_type = \(careType.rawValue)))
            """
        ) { rows in
            let resources = try rows.map(StoredResource.init)
            return Dictionary(uniqueKeysWithValues: resources.map { ($0.id, $0.kind) })
        }
    }

    static func insert(_ id: Identifier<Resource>, _ kind: Resource.Kind, name: Label) -> SQL {
        "INSERT INTO resources (id, kind, name) VALUES (\(id), \(kind.rawValue), \(name.text))"
    }

    /// Renames a resource and activates it; answers its new version.
    static func replace(_ id: Identifier<Resource>, name: Label) -> Query<EntityVersion> {
        .one(
            """
            UPDATE resources SET name = \(name.text), is_active = true, version = version + 1
            WHERE id = \(id) RETURNING \(SQL.version)
            """
        ) { try $0.version() }
    }

    static func deactivate(_ id: Identifier<Resource>) -> SQL {
        "UPDATE resources SET is_active = false, version = version + 1 WHERE id = \(id)"
    }
}
