import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// What has to be done for one tenant although no event asks for it.
struct OutstandingWork: Sendable {
    /// Booking has not sent the calendar yet.
    let lacksCalendar: Bool
    /// Days have come within the horizon, or are past.
    let hasOtherDays: Bool
    /// Days have to be updated.
    let isOutdated: Bool
    /// The cache may lack some views.
    let isUncached: Bool
    /// It is time to ask for a report about days in doubt.
    let awaitsReport: Bool

    private init(_ row: Row) throws {
        lacksCalendar = try row.get("lacks_calendar")
        hasOtherDays = try row.find("has_other_days") ?? false
        isOutdated = try row.find("is_outdated") ?? false
        (isUncached, awaitsReport) = (try row.get("is_uncached"), try row.get("awaits_report"))
    }

    /// The schemas of `names` that have work outstanding at `now`.
    static func find(in names: [String], at now: Instant) -> SQL {
        "SELECT * FROM outstanding_work(\(names)::text[], \(now))"
    }

    /// The schemas of `names` that have work that must not wait: a much cheaper question.
    static func urgent(in names: [String]) -> SQL { "SELECT * FROM urgent_work(\(names)::text[])" }

    /// Tenants of one statement, which takes 0.3 s for so many, and one second in a new session.
    private static let tenantsAtOnce = 250

    /// The tenants with outstanding work, and the faults of the servers that did not answer: the tenants of the others
    /// are found nevertheless.
    ///
    /// - Parameter isCalm: tenants of which only urgent work is looked for.
    @EventLoop
    static func find(
        _ context: ServiceContext, where isCalm: @escaping @EventLoop (TenantSlug) -> Bool = { _ in false }
    ) async throws -> (found: [(TenantStore, OutstandingWork)], fault: SchemaFaults?) {
        var found: [(TenantStore, OutstandingWork)] = []
        do {
            try await context.platform.directory.onEachServer { round in
                for first in stride(from: 0, to: round.tenants.count, by: tenantsAtOnce) {
                    let tenants = Array(round.tenants[first...].prefix(tenantsAtOnce))
                    let some = try await find(in: tenants, of: round, at: context.now, where: isCalm)
                    found += some
                }
            }
        } catch let faults as SchemaFaults {
            return (found, faults)
        }
        return (found, nil)
    }

    @EventLoop
    private static func find(
        in tenants: [TenantStore], of round: ServerSchemas, at now: Instant,
        where isCalm: @EventLoop (TenantSlug) -> Bool
    ) async throws -> [(TenantStore, OutstandingWork)] {
        let calm = tenants.filter { isCalm($0.tenant.slug) }
        let urgent = try await round.queryAll(calm.map(\.data), urgent)
        let others = tenants.filter { urgent[$0.data.schema] != nil || !isCalm($0.tenant.slug) }
        let rows = try await round.queryAll(others.map(\.data)) { find(in: $0, at: now) }
        return try others.compactMap { store in
            try rows[store.data.schema].map { (store, try OutstandingWork($0)) }
        }
    }
}
