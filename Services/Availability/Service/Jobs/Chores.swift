import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Runtime
import ServiceHost
import Tenancy

/// What must be done though no event tells of it: days come within the horizon, the cache lacks what a crashed process
/// had committed, reports are overdue, a tenant is new. One statement a database server finds the tenants concerned.
@EventLoop
final class Chores {
    /// Tenants of one statement, which takes 0.3 s for so many, and a second in a session that is new.
    private static let tenantsAtOnce = 250

    private let service: AvailabilityService
    private let log = Logger("chores")
    private var nextRound = ContinuousClock.now
    /// When to ask again for the calendar of a tenant that has none.
    private var nextQuestions: [TenantSlug: Instant] = [:]
    /// Tenants whose chores are under way; true when they must be looked at once more.
    private var hurried: [TenantSlug: Bool] = [:]

    init(service: AvailabilityService) { self.service = service }

    /// One round. One tenant's trouble is no other's: it comes again in the next round. Looking for what there is to do may
    /// take a tenth of the time, a second for a thousand tenants; what events set off waits for none of that.
    func run() async throws {
        let begin = ContinuousClock.now
        guard begin >= nextRound else { return }
        let (found, fault) = try await find()
        nextRound = .now + (ContinuousClock.now - begin) * 9
        for (store, chore) in found {
            let desk = service.desk(of: store)
            await attempt(store) {
                if chore.isIgnorant { try await introduce(desk) }
                if chore.lacksDays { try await OpenDays(desk: desk)() }
                if chore.isOutdated || chore.lacksDays { try await RefreshDays(desk: desk)() }
                if chore.isUncached {
                    let press = service.press
                    service.health.isDegraded ? try await press.settleUncached(store) : try await press.catchUp(store)
                }
                if chore.isDoubtful { try await RequestReports(desk: desk)() }
            }
        }
        if let fault { throw fault }
    }

    /// From the beginning of one look at a tenant's days to that of the next: in a rush, what comes meanwhile is looked at
    /// together, for little more than one event alone costs.
    private static let pause: Duration = .milliseconds(10)

    /// Does at once what an event of a tenant has set off. Several at a time would only wait for each other.
    func hurry(_ store: TenantStore) {
        let tenant = store.tenant.slug
        guard hurried[tenant] == nil else {
            hurried[tenant] = true
            return
        }
        hurried[tenant] = false
        EventLoop.start { [self] in
            repeat {
                hurried[tenant] = false
                let next = ContinuousClock.now + Self.pause
                await attempt(store) {
                    let desk = service.desk(of: store)
                    let rest = try await RefreshDays(desk: desk)()
                    if rest.isBusy { hurried[tenant] = true }
                    // A doubt that has just arisen is looked into at once.
                    if rest.isWithholding { try await RequestReports(desk: desk)() }
                    if next > .now { try await EventLoop.sleep(for: next - .now) }
                }
            } while hurried[tenant] == true
            hurried[tenant] = nil
        }
    }

    /// Publishes everything that the cache may lack. Throws when that is not done for all.
    func publishEverything() async throws {
        let (found, fault) = try await find()
        for (store, chore) in found where chore.isUncached { try await service.press.catchUp(store) }
        if let fault { throw fault }
    }

    /// Notes that entries of the cache were found damaged. They have been read from the database and are put right.
    func noteCorruption(of keys: [DayKey]) {
        let service = self.service
        for (tenant, keys) in Dictionary(grouping: keys, by: \.tenant) {
            service.publication.anomalies[Anomalies.AnomalyType.corruptCache.rawValue].increment()
            log.warning("damaged entries in the cache", [.name: tenant, .count: keys.count])
            EventLoop.start { [self] in
                do {
                    let store = try await service.platform.directory.store(for: tenant)
                    try await store.data.inBackground.batch(
                        Anomalies.record(
                            .corruptCache, day: keys.map(\.day).min(),
                            "\(keys.count) entrée(s) du cache étaient altérées et ont été recalculées.", tenant: tenant,
                            at: service.now()))
                    service.platform.relay.wake(store.data)
                } catch {
                    log.warning("an anomaly could not be noted", [.error: String(reflecting: error)])
                }
            }
        }
    }

    private struct Chore {
        let isIgnorant, lacksDays, isOutdated, isUncached, isDoubtful: Bool

        init(_ row: Row) throws {
            isIgnorant = try row.get("is_ignorant")
            lacksDays = try row.find("lacks_days") ?? false
            isOutdated = try row.find("is_outdated") ?? false
            (isUncached, isDoubtful) = (try row.get("is_uncached"), try row.get("is_doubtful"))
        }
    }

    /// The tenants with something to do, and why there may be others: a server that is away takes nothing from the rest.
    private func find() async throws -> (found: [(TenantStore, Chore)], fault: RoundFaults?) {
        var found: [(TenantStore, Chore)] = []
        var fault: RoundFaults?
        do {
            try await look { found.append(($0, $1)) }
        } catch let faults as RoundFaults {
            fault = faults
        }
        return (found, fault)
    }

    private func look(_ found: @escaping @EventLoop (TenantStore, Chore) -> Void) async throws {
        try await service.platform.directory.onEachServer { round in
            for first in stride(from: 0, to: round.tenants.count, by: Self.tenantsAtOnce) {
                let tenants = round.tenants[first...].prefix(Self.tenantsAtOnce)
                let rows = try await round.survey(tenants.map(\.data)) {
                    "SELECT * FROM publication_chores(\($0)::text[])"
                }
                for store in tenants {
                    if let row = rows[store.data.schema] { found(store, try Chore(row)) }
                }
            }
        }
    }

    private func introduce(_ desk: Desk) async throws {
        let now = desk.now()
        guard nextQuestions[desk.tenant].map({ $0 <= now }) ?? true else { return }
        nextQuestions[desk.tenant] = now + .seconds(10)
        try await RequestReports(desk: desk).introduce()
    }

    private func attempt(_ store: TenantStore, _ body: @EventLoop () async throws -> Void) async {
        do {
            try await body()
        } catch {
            log.warning("chores of a tenant wait", [.name: store.tenant.slug, .error: String(reflecting: error)])
        }
    }
}
