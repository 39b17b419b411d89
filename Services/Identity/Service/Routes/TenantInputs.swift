import GuichetProtocol
import IdentityDomain
import Primitives

/// A tenant to create.
struct TenantCreation: Codable, Sendable {
    /// The name in addresses; it never changes.
    let slug: TenantSlug
    /// The name as people read it.
    let name: DisplayName
    /// The postal address; it never changes.
    let address: PostalAddress
    /// The IANA time zone, for example `Africa/Algiers`; it never changes.
    let timeZone: String
    /// The language of the tenant (BCP 47), for example `fr-DZ`.
    let locale: LanguageTag
    /// The country of telephone numbers (ISO 3166); it never changes.
    let phoneCountry: CountryCode
    /// The name of a PostgreSQL server; the first one if absent.
    let database: String?
    /// The origins whose web pages may call the API with tokens of the tenant; none if absent.
    let allowedOrigins: AllowedOrigins?
    /// The first user; absent if none is created.
    let admin: Administrator?

    /// The first user of the tenant.
    struct Administrator: Codable, Sendable {
        /// The address for the login.
        let email: EmailAddress
        /// The name as people read it.
        let name: DisplayName
        /// The first password.
        let password: String
    }

    var draft: CreateTenant.Draft {
        CreateTenant.Draft(
            slug: slug, name: name, address: address, timeZone: timeZone, locale: locale, phoneCountry: phoneCountry,
            database: database, allowedOrigins: allowedOrigins ?? .none,
            administrator: admin.map { UserDraft(email: $0.email, name: $0.name, role: .admin, password: $0.password) })
    }
}

/// What to change; properties that are absent stay as they are.
struct TenantChange: Codable, Sendable {
    /// The new name; absent if it stays.
    let name: DisplayName?
    /// The new language (BCP 47); absent if it stays.
    let locale: LanguageTag?
    /// All origins whose web pages may call the API with tokens of the tenant; absent if they stay.
    let allowedOrigins: AllowedOrigins?

    var changes: ChangeTenant.Changes {
        ChangeTenant.Changes(name: name, locale: locale, allowedOrigins: allowedOrigins)
    }
}
