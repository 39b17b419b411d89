package import Primitives

/// The name of a PostgreSQL schema: a service's own (`booking`) or one of its tenants' (`booking_cabinet-alger`).
package struct Schema: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// The schema in which a service keeps what belongs to no tenant.
    package init(service: TenantSlug) { description = service.description }

    /// The schema in which a service keeps one tenant's data.
    package init(service: TenantSlug, tenant: TenantSlug) { description = "\(service)_\(tenant)" }

    /// As an identifier in SQL. Slugs hold no quote, so quoting is enough.
    package var quoted: String { "\"\(description)\"" }
}
