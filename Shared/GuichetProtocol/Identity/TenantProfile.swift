package import Primitives

/// What every service must know of a tenant. Address and time zone never change once the tenant exists.
package struct TenantProfile: Codable, Hashable, Sendable, WireRules {
    /// The id of the tenant, which never changes.
    package var id: TenantID
    /// The name in schemas, tokens and routing keys.
    package var slug: TenantSlug
    /// The name that people read.
    package var name: String
    /// The postal address, as one text.
    package var address: String
    /// An IANA time zone, for example `Africa/Algiers`.
    package var timeZone: String
    /// A BCP 47 language tag.
    package var locale: String
    /// The country whose telephone numbers the tenant accepts, ISO 3166-1 alpha-2.
    package var phoneCountry: String
    /// The name of the PostgreSQL server that holds the tenant's schemas.
    package var database: String
    /// The origins whose web pages may call the API with tokens of the tenant, `https://clinic.example`; absent when there
    /// are none.
    package var allowedOrigins: [String]?

    package static let rules: [String: WireRule] = [
        "allowedOrigins": .maximumCount(20), "locale": .pattern("^[a-z]{2,3}(-[A-Z]{2})?$"),
        "phoneCountry": .pattern("^[A-Z]{2}$"),
    ]

    package init(
        id: TenantID, slug: TenantSlug, name: String, address: String, timeZone: String, locale: String,
        phoneCountry: String, database: String, allowedOrigins: [String]? = nil
    ) {
        self.id = id
        self.slug = slug
        self.name = name
        self.address = address
        self.timeZone = timeZone
        self.locale = locale
        self.phoneCountry = phoneCountry
        self.database = database
        self.allowedOrigins = allowedOrigins
    }
}
