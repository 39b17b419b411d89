package import Primitives

/// What every service must know of a tenant. Address and time zone never change once the tenant exists; of a tenant that was
/// removed they are empty.
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
    /// How the tenant has ended: `closed`, it is not served and may be opened again; `removed`, its data is removed. Absent
    /// while it is open.
    package var end: String?

    /// Whether the tenant is served.
    package var isOpen: Bool { end == nil }
    /// Whether the data of the tenant is removed.
    package var isRemoved: Bool { end == Self.removed }

    /// The value of ``end`` for a tenant that may be opened again.
    package static let closed = "closed"
    /// The value of ``end`` for a tenant whose data is removed.
    package static let removed = "removed"

    package static let rules: [String: WireRule] = [
        "allowedOrigins": .maximumCount(20), "locale": .pattern("^[a-z]{2,3}(-[A-Z]{2})?$"),
        "phoneCountry": .pattern("^[A-Z]{2}$"), "end": .oneOf([closed, removed]),
    ]

    package init(
        id: TenantID, slug: TenantSlug, name: String, address: String, timeZone: String, locale: String,
        phoneCountry: String, database: String, allowedOrigins: [String]? = nil, end: String? = nil
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
        self.end = end
    }
}
