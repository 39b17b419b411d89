import GuichetProtocol
import Primitives

/// A tenant in a list.
struct TenantSummary: Codable, Sendable {
    let id: TenantID
    let slug: TenantSlug
    let name: String
    let createdAt: Instant

    init(_ profile: TenantProfile, createdAt: Instant) {
        (id, slug, name, self.createdAt) = (profile.id, profile.slug, profile.name, createdAt)
    }
}

/// A tenant, and the services that are ready for it.
struct TenantView: Codable, Sendable {
    let id: TenantID
    let slug: TenantSlug
    let name: String
    let address: String
    let timeZone: String
    let locale: String
    let phoneCountry: String
    let database: String
    /// The origins whose web pages may call the API with tokens of the tenant.
    let allowedOrigins: [String]
    let createdAt: Instant
    /// The services whose schema for the tenant is ready.
    let services: [ReadyService]

    /// A service, and since when it serves the tenant.
    struct ReadyService: Codable, Sendable {
        let service: TenantSlug
        let readyAt: Instant
    }

    init(_ profile: TenantProfile, createdAt: Instant, services: [ReadyService]) {
        (id, slug, name, address) = (profile.id, profile.slug, profile.name, profile.address)
        (timeZone, locale, phoneCountry) = (profile.timeZone, profile.locale, profile.phoneCountry)
        (database, allowedOrigins) = (profile.database, profile.allowedOrigins ?? [])
        (self.createdAt, self.services) = (createdAt, services)
    }
}
