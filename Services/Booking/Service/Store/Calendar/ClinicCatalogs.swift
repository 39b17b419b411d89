import BookingDomain
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Copies of the tenants' calendars. Each use asks the database for the version together with what else it reads, so a
/// copy is never older than the answer in which it is used.
@EventLoop
final class ClinicCatalogs {
    private let context: ServiceContext
    private var catalogs: [TenantSlug: ClinicCatalog] = [:]
    private let zones = ZoneTable()

    init(_ context: ServiceContext) { self.context = context }

    /// The tenant's calendar of the version that was just read, see ``CalendarTables/version``.
    func catalog(of store: TenantStore, version: EntityVersion) async throws -> ClinicCatalog {
        if let known = catalogs[store.tenant.slug], known.version == version { return known }
        return try await load(store)
    }

    /// The last calendar that was read, for limits that may lag behind a change.
    func recent(of store: TenantStore) async throws -> ClinicCatalog {
        if let known = catalogs[store.tenant.slug] { return known }
        return try await load(store)
    }

    /// The tenant's present calendar.
    func catalog(of store: TenantStore) async throws -> ClinicCatalog {
        try await catalog(of: store, version: store.data.ask(CalendarTables.version))
    }

    /// The offsets of the tenant's time zone.
    func zone(of store: TenantStore) async throws -> ZoneOffsets {
        try await zones.offsets(of: store.tenant.timeZone, from: store.data)
    }

    private func load(_ store: TenantStore) async throws -> ClinicCatalog {
        let zone = try await zone(of: store)
        let catalog = try await CalendarTables.catalog(
            of: store.tenant, zone: zone, since: zone.local(context.now).day.advanced(by: -2)
        ) { try await store.data.batch($0) }
        catalogs[store.tenant.slug] = catalog
        return catalog
    }
}
