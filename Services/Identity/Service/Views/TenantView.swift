import GuichetProtocol
import Primitives

/// A tenant in a list.
struct TenantSummary: Codable, Sendable {
    /// The id of the tenant.
    let id: TenantID
    /// The name in addresses; it never changes.
    let slug: TenantSlug
    /// The name as people read it.
    let name: String
    /// When the tenant was created.
    let createdAt: Instant
    /// Since when the tenant is closed; absent while it is open.
    let closedAt: Instant?

    init(_ profile: TenantProfile, createdAt: Instant, closedAt: Instant?) {
        (id, slug, name) = (profile.id, profile.slug, profile.name)
        (self.createdAt, self.closedAt) = (createdAt, closedAt)
    }
}

/// A tenant, and the services that are ready for it.
struct TenantView: Codable, Sendable {
    /// The id of the tenant.
    let id: TenantID
    /// The name in addresses; it never changes.
    let slug: TenantSlug
    /// The name as people read it.
    let name: String
    /// The postal address; it never changes.
    let address: String
    /// The IANA time zone; it never changes.
    let timeZone: String
    /// The language of the tenant (BCP 47).
    let locale: String
    /// The country of telephone numbers (ISO 3166); it never changes.
    let phoneCountry: String
    /// The name of the PostgreSQL server that has the data of the tenant.
    let database: String
    /// The origins whose web pages may call the API with tokens of the tenant.
    let allowedOrigins: [String]
    /// When the tenant was created.
    let createdAt: Instant
    /// The services whose schema for the tenant is ready.
    let services: [ReadyService]

    /// A service, and since when it serves the tenant.
    struct ReadyService: Codable, Sendable {
        /// The name of the service.
        let service: TenantSlug
        /// Since when it serves the tenant.
        let readyAt: Instant
    }

    init(_ profile: TenantProfile, createdAt: Instant, services: [ReadyService]) {
        (id, slug, name, address) = (profile.id, profile.slug, profile.name, profile.address)
        (timeZone, locale, phoneCountry) = (profile.timeZone, profile.locale, profile.phoneCountry)
        (database, allowedOrigins) = (profile.database, profile.allowedOrigins ?? [])
        (self.createdAt, self.services) = (createdAt, services)
    }
}
