import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Scheduling
import Tenancy

/// Keeps the calendars of tenants in memory; a copy is used only if the database has the same version.
@EventLoop
final class Calendars {
    private var known: [TenantSlug: Calendar] = [:]
    private let openings = OpeningsCache()
    private let zones = ZoneTable()

    init() {}

    /// The calendar of the version that the transaction has read; nil if there is none yet.
    func calendar(of store: TenantStore, version: EntityVersion?, in transaction: Transaction) async throws -> Calendar?
    {
        guard let version else { return nil }
        if let calendar = known[store.tenant.slug], calendar.version == version { return calendar }
        let snapshot = try await transaction.ask(CalendarRows.snapshot)
        return try await keep(snapshot, version: version, of: store)
    }

    /// Makes the snapshot the tenant's calendar in this process.
    @discardableResult
    func keep(
        _ snapshot: CalendarSnapshot, version: EntityVersion, of store: TenantStore
    ) async throws -> Calendar {
        let zone = try await zone(of: store)
        let calendar = Calendar(
            of: store.tenant.slug, version: version, clinic: try Clinic(snapshot, zone: zone),
            names: Dictionary(
                snapshot.resources.map { (Identifier($0.id.uuid), $0.name) }, uniquingKeysWith: { $1 }),
            cache: openings)
        known[store.tenant.slug] = calendar
        return calendar
    }

    /// The offsets of the tenant's time zone.
    func zone(of store: TenantStore) async throws -> ZoneOffsets {
        try await zones.offsets(of: store.tenant.timeZone, from: store.data)
    }
}
