import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Primitives
import Scheduling
import Tenancy

/// What somebody looks for across tenants.
struct SearchRequest: Hashable, Sendable {
    let careType: CareType
    /// Where slots must start.
    let window: TimeRange
    /// The tenants that are looked into.
    let tenants: [TenantSlug]
    let practitioner: Identifier<Resource>?
    let limit: Int
}

/// What was found, by start.
struct SearchResult: Sendable {
    struct Slot: Sendable {
        let tenant: TenantSlug
        let slot: FreeSlot
    }

    let slots: [Slot]
    /// True when there are more.
    let isCut: Bool
    /// Days of the window that are in doubt: what they have to offer is not shown.
    let withheld: [DayKey]
    /// True when the database was read because the cache is away.
    let isDegraded: Bool
}

/// Finds free slots in the views of days. What it finds was free a moment ago; Booking alone decides whether it still is.
@EventLoop
struct SearchSlots {
    let reader: DayReader
    let directory: TenantDirectory
    let calendars: Calendars
    let now: Instant

    /// - Parameter isFresh: true to pass over the cache.
    func callAsFunction(_ request: SearchRequest, isFresh: Bool = false) async throws -> SearchResult {
        let zones = try await zones(of: request.tenants)
        var (slots, withheld): ([SearchResult.Slot], Set<DayKey>) = ([], [])
        let isDegraded = reader.isDegraded
        // The first days mostly have enough: look a day ahead, then two, then four.
        for stretch in Self.stretches(of: request.window) {
            let keys = zones.flatMap { tenant, zone in
                (zone.local(stretch.start).day...zone.local(stretch.end).day).map { DayKey(tenant: tenant, day: $0) }
            }
            let entries = try await reader.entries(of: keys, isFresh: isFresh)
            for key in keys {
                switch entries[key]?.content {
                case .view(let text):
                    // What cannot be read is of one tenant; the others are shown.
                    guard let found = free(in: text, of: key.tenant, request, stretch) else {
                        withheld.insert(key)
                        continue
                    }
                    slots += found
                case .withheld, nil: withheld.insert(key)
                case .absent: break
                }
            }
            if slots.count > request.limit { break }
        }
        slots.sort {
            ($0.slot.start, $0.tenant, $0.slot.practitioner) < ($1.slot.start, $1.tenant, $1.slot.practitioner)
        }
        return SearchResult(
            slots: Array(slots.prefix(request.limit)), isCut: slots.count > request.limit,
            withheld: withheld.sorted { ($0.tenant, $0.day) < ($1.tenant, $1.day) },
            isDegraded: isDegraded || reader.isDegraded)
    }

    /// Nil when the text is no view.
    private func free(
        in text: String, of tenant: TenantSlug, _ request: SearchRequest, _ stretch: TimeRange
    ) -> [SearchResult.Slot]? {
        guard let view = DayView(text, only: request.careType) else { return nil }
        guard let care = view.cares.first, let earliest = view.bounds.earliest(at: now),
            let window = TimeRange(max(stretch.start, earliest), stretch.end)
        else { return [] }
        return care.slots(in: window, with: request.practitioner).map { SearchResult.Slot(tenant: tenant, slot: $0) }
    }

    /// The tenants that are ready, and their clocks.
    private func zones(of tenants: [TenantSlug]) async throws -> [(TenantSlug, ZoneOffsets)] {
        var zones: [(TenantSlug, ZoneOffsets)] = []
        for tenant in tenants {
            do {
                let store = try await directory.store(for: tenant)
                zones.append((tenant, try await calendars.zone(of: store)))
            } catch is TenantDirectory.Fault {
                continue
            }
        }
        return zones
    }

    /// The window in stretches of a day, two days, four days and so on.
    private static func stretches(of window: TimeRange) -> [TimeRange] {
        var (stretches, start, days): ([TimeRange], Instant, Int) = ([], window.start, 1)
        while start < window.end {
            let end = min(window.end, start + .seconds(days * 86_400))
            if let stretch = TimeRange(start, end) { stretches.append(stretch) }
            (start, days) = (end, days * 2)
        }
        return stretches
    }
}
