import BookingDomain
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Scheduling
import Tenancy

/// The calendar of one tenant as of one version: the rules of the domain, and the names that people read.
struct ClinicCatalog: Sendable {
    /// Rises with every change of the calendar.
    let version: Int
    let rules: ClinicRules
    let clinic: Clinic
    /// Of all that ever were.
    let names: [Identifier<Resource>: String]
}

/// Keeps the calendars of tenants. Each use asks the database for the version together with what else it reads, so a
/// copy is never older than the answer it goes into.
@EventLoop
final class ClinicCatalogs {
    private var catalogs: [TenantSlug: ClinicCatalog] = [:]
    private let zones = ZoneTable()

    init() {}

    /// Reads the version; its row goes to ``catalog(of:asOf:)``.
    static let version: SQL = "SELECT version FROM calendar"

    /// The tenant's calendar of the version that was just read.
    func catalog(of store: TenantStore, asOf rows: [Row]) async throws -> ClinicCatalog {
        let version: Int = try rows[0].get("version")
        if let known = catalogs[store.tenant.slug], known.version == version { return known }
        return try await load(store)
    }

    /// The last calendar seen, for limits that may lag behind a change.
    func recent(of store: TenantStore) async throws -> ClinicCatalog {
        if let known = catalogs[store.tenant.slug] { return known }
        return try await load(store)
    }

    /// The tenant's present calendar.
    func catalog(of store: TenantStore) async throws -> ClinicCatalog {
        try await catalog(of: store, asOf: store.data.query(Self.version))
    }

    /// The offsets of the tenant's time zone.
    func zone(of store: TenantStore) async throws -> ZoneOffsets {
        try await zones.offsets(of: store.tenant.timeZone, from: store.data)
    }

    private func load(_ store: TenantStore) async throws -> ClinicCatalog {
        let zone = try await zone(of: store)
        let rows = try await store.data.batch(CalendarRows.statements())
        let catalog = try CalendarRows(rows).catalog(of: store.tenant, zone: zone)
        catalogs[store.tenant.slug] = catalog
        return catalog
    }
}
