import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// A search across tenants.
struct SearchRequest: Hashable, Sendable {
    let careType: CareType
    /// Where slots must start.
    let window: TimeRange
    /// The tenants to search.
    let tenants: [TenantSlug]
    let practitioner: Identifier<Resource>?
    let limit: Int
}

/// Finds free slots in the views of days. They were free a moment ago; only Booking decides whether they still are.
@EventLoop
struct SearchSlots {
    let context: ServiceContext
    let calendars: Calendars
    let offices: Offices
    let reader: DayReader

    init(_ context: ServiceContext, _ calendars: Calendars, _ offices: Offices, _ reader: DayReader) {
        (self.context, self.calendars, self.offices, self.reader) = (context, calendars, offices, reader)
    }

    private struct Found {
        let tenant: TenantSlug
        let slot: FreeSlot
    }

    /// - Parameter isFresh: true to bypass the cache.
    func callAsFunction(_ request: SearchRequest, isFresh: Bool) async throws -> SearchView {
        let now = context.now
        let zones = try await zones(of: request.tenants)
        var (slots, withheld): ([Found], Set<DayKey>) = ([], [])
        let isDegraded = reader.isDegraded
        // The first days usually have enough: search one day, then two, then four.
        for stretch in Self.stretches(of: request.window) {
            let keys = zones.flatMap { tenant, zone in
                (zone.local(stretch.start).day...zone.local(stretch.end).day).map { DayKey(tenant: tenant, day: $0) }
            }
            let entries = try await reader.entries(of: keys, isFresh: isFresh)
            for key in keys {
                switch entries[key]?.content {
                case .view(let text):
                    // A damaged view of one tenant does not affect the others.
                    guard let found = Self.free(in: text, request, stretch, at: now) else {
                        withheld.insert(key)
                        continue
                    }
                    slots += found.map { Found(tenant: key.tenant, slot: $0) }
                case .withheld, nil: withheld.insert(key)
                case .absent: break
                }
            }
            if slots.count > request.limit { break }
        }
        slots.sort {
            ($0.slot.start, $0.tenant, $0.slot.practitioner) < ($1.slot.start, $1.tenant, $1.slot.practitioner)
        }
        let shown = slots.prefix(request.limit)
        return SearchView(
            slots: shown.map { SlotView($0.slot, at: $0.tenant) },
            offices: try await views(of: Set(shown.map(\.tenant))),
            isCut: slots.count > request.limit,
            withheld: withheld.sorted { ($0.tenant, $0.day) < ($1.tenant, $1.day) }
                .map { WithheldDay(office: $0.tenant, day: $0.day) },
            degraded: isDegraded || reader.isDegraded)
    }

    private func views(of tenants: Set<TenantSlug>) async throws -> [OfficeView] {
        var views: [OfficeView] = []
        for tenant in tenants.sorted() {
            views.append(
                OfficeView(try await context.store(for: tenant).tenant, offices.entry(of: tenant)?.office))
        }
        return views
    }

    /// Returns nil if the text is not a view.
    private static func free(
        in text: String, _ request: SearchRequest, _ stretch: TimeRange, at now: Instant
    ) -> [FreeSlot]? {
        guard let view = DayView(text, only: request.careType) else { return nil }
        guard let care = view.cares.first, let earliest = view.bounds.earliest(at: now),
            let window = TimeRange(max(stretch.start, earliest), stretch.end)
        else { return [] }
        return care.slots(in: window, with: request.practitioner)
    }

    /// The tenants that are ready, and their time zones.
    private func zones(of tenants: [TenantSlug]) async throws -> [(TenantSlug, ZoneOffsets)] {
        var zones: [(TenantSlug, ZoneOffsets)] = []
        for tenant in tenants {
            do {
                let store = try await context.store(for: tenant)
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
