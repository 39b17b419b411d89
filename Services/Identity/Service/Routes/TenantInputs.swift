import GuichetProtocol
import IdentityDomain
import Primitives

struct TenantCreation: Codable, Sendable {
    let slug: TenantSlug
    let name: DisplayName
    let address: PostalAddress
    let timeZone: String
    let locale: LanguageTag
    let phoneCountry: CountryCode
    /// The name of a PostgreSQL server; the first one if absent.
    let database: String?
    /// The origins whose web pages may call the API with tokens of the tenant; none if absent.
    let allowedOrigins: AllowedOrigins?
    let admin: Administrator?

    /// The first user of the tenant.
    struct Administrator: Codable, Sendable {
        let email: EmailAddress
        let name: DisplayName
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
    let name: DisplayName?
    let locale: LanguageTag?
    /// All origins whose web pages may call the API with tokens of the tenant.
    let allowedOrigins: AllowedOrigins?

    var changes: ChangeTenant.Changes {
        ChangeTenant.Changes(name: name, locale: locale, allowedOrigins: allowedOrigins)
    }
}
