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

    /// How much is asked of a tenant.
    enum Question {
        /// All work.
        case all
        /// Work that must not wait; then all of it, if there is any.
        case urgent
    }

    /// The tenants with outstanding work, and the faults of the servers that did not answer: the tenants of the others
    /// are found nevertheless.
    ///
    /// - Parameter question: what is asked of a tenant; nil for nothing.
    @EventLoop
    static func find(
        _ context: ServiceContext, asking question: @escaping @EventLoop (TenantSlug) -> Question? = { _ in .all }
    ) async throws -> (found: [(TenantStore, OutstandingWork)], fault: SchemaFaults?) {
        var found: [(TenantStore, OutstandingWork)] = []
        do {
            try await context.platform.directory.onEachServer { round in
                let tenants = round.tenants.compactMap { store in
                    question(store.tenant.slug).map { (store: store, question: $0) }
                }
                for first in stride(from: 0, to: tenants.count, by: tenantsAtOnce) {
                    found += try await find(
                        in: Array(tenants[first...].prefix(tenantsAtOnce)), of: round, at: context.now)
                }
            }
        } catch let faults as SchemaFaults {
            return (found, faults)
        }
        return (found, nil)
    }

    @EventLoop
    private static func find(
        in tenants: [(store: TenantStore, question: Question)], of round: ServerSchemas, at now: Instant
    ) async throws -> [(TenantStore, OutstandingWork)] {
        let calm = tenants.filter { $0.question == .urgent }.map(\.store.data)
        let urgent = try await round.queryAll(calm, urgent)
        let others = tenants.filter { $0.question == .all || urgent[$0.store.data.schema] != nil }.map(\.store)
        let rows = try await round.queryAll(others.map(\.data)) { find(in: $0, at: now) }
        return try others.compactMap { store in
            try rows[store.data.schema].map { (store, try OutstandingWork($0)) }
        }
    }
}
