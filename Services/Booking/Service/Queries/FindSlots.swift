import EventLoop
import Primitives
import Scheduling
import Tenancy

/// Looks for slots that can be booked, with the very computation that books them.
struct FindSlots: Sendable {
    let desk: Desk

    @EventLoop init(_ desk: Desk) { self.desk = desk }

    /// The bookable slots by start, at most `limit`, and whether there are more.
    @EventLoop func callAsFunction(_ query: SlotQuery, limit: Int) async throws -> (slots: [SlotView], isCut: Bool) {
        let (search, catalog) = try await search(for: query)
        let slots = search.slots(query)
        return (slots.prefix(limit).map { SlotView($0, catalog) }, slots.count > limit)
    }

    /// Three bookable slots that come closest to one that cannot be had.
    @EventLoop func alternatives(to query: SlotQuery) async throws -> [SlotView] {
        let now = desk.now()
        let from = max(query.window.start, now) - .seconds(86_400)
        guard let window = TimeRange(from, from + .seconds(15 * 86_400)) else { return [] }
        let (search, catalog) = try await search(for: SlotQuery(query.careType, startingIn: window))
        return search.alternatives(to: query, in: window).map { SlotView($0, catalog) }
    }

    @EventLoop private func search(for query: SlotQuery) async throws -> (SlotSearch, ClinicCatalog) {
        let now = desk.now()
        let rows = try await desk.store.data.batch([
            ClinicCatalogs.version, Agenda.allocations(for: query, at: now),
        ])
        let catalog = try await desk.catalogs.catalog(of: desk.store, asOf: rows[0])
        return (SlotSearch(catalog.clinic, allocations: try Agenda.allocations(rows[1]), now: now), catalog)
    }
}
