package import Primitives

/// The name of a PostgreSQL schema: a service's own (`booking`) or one of its tenants' (`booking_cabinet-alger`).
package struct Schema: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// The schema for data of a service that belongs to no tenant.
    package init(service: TenantSlug) { description = service.description }

    /// The schema for one tenant's data of a service.
    package init(service: TenantSlug, tenant: TenantSlug) { description = "\(service)_\(tenant)" }

    /// As an identifier in SQL. Slugs contain no quotation marks, so quoting is sufficient.
    package var quoted: String { "\"\(description)\"" }
}
