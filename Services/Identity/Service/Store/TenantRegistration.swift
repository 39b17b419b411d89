import GuichetProtocol
import IdentityDomain
import Messaging
import Postgres
import Primitives

/// A tenant as the registry has it.
struct TenantRegistration: Sendable {
    let profile: TenantProfile
    /// Counts changes.
    let revision: Int64
    /// Counts announcements.
    let announcements: Int
    let createdAt: Instant

    static let columns: SQL = """
        id, slug, name, address, time_zone, locale, phone_country, database, revision, announcements, created_at
        """

    init(_ row: Row) throws {
        profile = TenantProfile(
            id: try row.get("id"), slug: try row.get("slug"), name: try row.get("name"),
            address: try row.get("address"), timeZone: try row.get("time_zone"), locale: try row.get("locale"),
            phoneCountry: try row.get("phone_country"), database: try row.get("database"))
        revision = try row.get("revision")
        announcements = try row.get("announcements")
        createdAt = try row.get("created_at")
    }

    static func insert(_ profile: TenantProfile, at now: Instant) -> SQL {
        """
        INSERT INTO tenant_registrations
            (id, slug, name, address, time_zone, locale, phone_country, database, created_at, updated_at)
        VALUES (\(profile.id), \(profile.slug), \(profile.name), \(profile.address), \(profile.timeZone),
            \(profile.locale), \(profile.phoneCountry), \(profile.database), \(now), \(now))
        RETURNING \(columns)
        """
    }

    /// The event that tells everybody; its version is the count of announcements, this one included.
    func announcement(at now: Instant, causation: EventAttributes? = nil) throws -> SQL {
        try Outbox.record(
            TenantAnnounced(profile: profile), of: profile.id.description, version: announcements,
            tenant: profile.slug, at: now, causation: causation)
    }
}
