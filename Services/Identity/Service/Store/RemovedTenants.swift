import GuichetProtocol
import Messaging
import Postgres
import Primitives

/// A tenant that was removed. It is announced like the others, without what it was called and where it was.
struct RemovedTenant: Sendable {
    let id: TenantID
    let slug: TenantSlug
    let database: String
    let announcements: Int
    let removedAt: Instant

    /// What is announced of it.
    var profile: TenantProfile {
        TenantProfile(
            id: id, slug: slug, name: "", address: "", timeZone: "UTC", locale: "und", phoneCountry: "ZZ",
            database: database, end: TenantProfile.removed)
    }

    /// The event for all services.
    func announcement(at now: Instant, causation: EventAttributes? = nil) throws -> SQL {
        try Outbox.record(
            TenantAnnounced(profile: profile), of: id.description, version: announcements, tenant: slug, at: now,
            causation: causation)
    }
}

extension RemovedTenant {
    private static let columns: SQL = "id, slug, database, announcements, removed_at"

    private init(_ row: Row) throws {
        (id, slug, database) = (try row.get("id"), try row.get("slug"), try row.get("database"))
        (announcements, removedAt) = (try row.get("announcements"), try row.get("removed_at"))
    }

    /// Removes the registration, and counts an announcement.
    static func remove(_ tenant: TenantID, at now: Instant) -> Query<RemovedTenant> {
        .one(
            """
            WITH gone AS (DELETE FROM tenant_registrations WHERE id = \(tenant) RETURNING *)
            INSERT INTO removed_tenants (\(columns))
            SELECT id, slug, database, announcements + 1, \(now) FROM gone RETURNING \(columns)
            """, Self.init)
    }

    /// Counts an announcement of every tenant that was removed.
    static let announceAll: Query<[RemovedTenant]> = .all(
        "UPDATE removed_tenants SET announcements = announcements + 1 RETURNING \(columns)", Self.init)

    /// The tenant of this name that was removed last; nil if there is none.
    static func last(named slug: TenantSlug) -> Query<RemovedTenant?> {
        .first(
            "SELECT \(columns) FROM removed_tenants WHERE slug = \(slug) ORDER BY removed_at DESC LIMIT 1", Self.init)
    }

    /// The tenants of which services still have data, and these services.
    static let unfinished: Query<[(tenant: RemovedTenant, services: [String])]> = .all(
        """
        SELECT \(columns), ARRAY(
            SELECT service FROM tenant_services WHERE tenant_id = removed_tenants.id ORDER BY service) AS services
        FROM removed_tenants WHERE EXISTS (SELECT FROM tenant_services WHERE tenant_id = removed_tenants.id)
        ORDER BY slug, removed_at
        """
    ) { (tenant: try RemovedTenant($0), services: try $0.get("services")) }
}
