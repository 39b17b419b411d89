import AvailabilityDomain
import EventLoop
import Primitives
import Scheduling

/// One version of a tenant's calendar.
struct Calendar: Sendable {
    let tenant: TenantSlug
    let version: EntityVersion
    let clinic: Clinic
    let names: [Identifier<Resource>: String]
    private let cache: OpeningsCache

    init(
        of tenant: TenantSlug, version: EntityVersion, clinic: Clinic, names: [Identifier<Resource>: String],
        cache: OpeningsCache
    ) {
        (self.tenant, self.version, self.clinic, self.names, self.cache) = (tenant, version, clinic, names, cache)
    }

    /// The openings of a day, if they were computed before.
    @EventLoop func openings(of day: LocalDay) -> DayView.Openings? {
        cache.days[OpeningsCache.Key(tenant: tenant, version: version, day: day)]
    }

    /// Keeps the openings of a day for the next update.
    @EventLoop func keep(_ openings: DayView.Openings, of day: LocalDay) {
        cache.keep(openings, as: OpeningsCache.Key(tenant: tenant, version: version, day: day))
    }
}

/// The openings of days that were computed: they are the same whatever appointments a day has.
@EventLoop
final class OpeningsCache {
    struct Key: Hashable, Sendable {
        let tenant: TenantSlug
        let version: EntityVersion
        let day: LocalDay
    }

    /// Some 15 kB each for a large clinic. When the limit is reached, the cache is emptied.
    private static let limit = 2000

    private(set) var days: [Key: DayView.Openings] = [:]

    nonisolated init() {}

    func keep(_ openings: DayView.Openings, as key: Key) {
        if days.count >= Self.limit { days = [:] }
        days[key] = openings
    }
}
