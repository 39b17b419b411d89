import BookingDomain
import EventLoop
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Finds slots that can be booked, by the same computation that books them.
@EventLoop
struct FindSlots {
    let context: ServiceContext
    let catalogs: ClinicCatalogs

    /// The bookable slots by start, at most `limit`, and whether there are more.
    func callAsFunction(
        _ query: SlotQuery, in tenant: TenantStore, limit: Int
    ) async throws -> (slots: [SlotView], isCut: Bool) {
        let (search, catalog) = try await search(for: query, in: tenant)
        let slots = search.slots(query)
        return (slots.prefix(limit).map { SlotView($0, catalog) }, slots.count > limit)
    }

    /// The three bookable slots closest to one that is not available.
    func alternatives(to query: SlotQuery, in tenant: TenantStore) async throws -> [SlotView] {
        let from = max(query.window.start, context.now) - .seconds(86_400)
        guard let window = TimeRange(from, from + .seconds(15 * 86_400)) else { return [] }
        let (search, catalog) = try await search(for: SlotQuery(query.careType, startingIn: window), in: tenant)
        return search.alternatives(to: query, in: window).map { SlotView($0, catalog) }
    }

    private func search(for query: SlotQuery, in tenant: TenantStore) async throws -> (SlotSearch, ClinicCatalog) {
        let now = context.now
        let (version, taken) = try await tenant.data.ask(
            CalendarTables.version, Allocations.conflicting(with: query, at: now))
        let catalog = try await catalogs.catalog(of: tenant, version: version)
        return (SlotSearch(catalog.clinic, allocations: taken, now: now), catalog)
    }
}
