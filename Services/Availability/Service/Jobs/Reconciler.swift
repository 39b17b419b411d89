import EventLoop
import GuichetProtocol
import Primitives
import Runtime
import ServiceHost
import Tenancy

/// Does what has to be done although no event asks for it: days come within the horizon, the cache lacks what a crashed
/// process had committed, reports are overdue, a tenant is new. One statement for each database server finds the
/// tenants.
@EventLoop
final class Reconciler {
    /// How often the surveyor asks all tenants about work that may wait, such as days that have come within the horizon.
    private static let fullInterval: Duration = .seconds(60)
    /// How often the surveyor asks all tenants about work that must not wait, while all processes run.
    private static let urgentInterval: Duration = .seconds(15)

    private let service: AvailabilityService
    private let log = Logger("reconciler")
    private var nextRun = ContinuousClock.now
    private var nextFullRun = Instant(seconds: 0)
    private var nextUrgentRun = ContinuousClock.now
    /// The tenants that had no work when they were last asked about all of it.
    private var calm: Set<TenantSlug> = []
    /// When to ask again for the calendar of a tenant that has none.
    private var nextQuestions: [TenantSlug: Instant] = [:]

    init(_ service: AvailabilityService) { self.service = service }

    /// One run. A failure for one tenant does not affect others: it is tried again in the next run. At most a tenth of
    /// the time is spent on finding the tenants.
    func run() async throws {
        let begin = ContinuousClock.now
        guard begin >= nextRun else { return }
        let presence = service.context.platform.presence
        if presence.isSurveyor, service.context.now >= nextFullRun {
            calm = []
            nextFullRun = service.context.now + Self.fullInterval
        }
        calm.subtract(service.activeTenants.recent())
        // A process that has fallen silent may have left work of any tenant.
        let asksAll = presence.isSurveyor && begin >= nextUrgentRun || presence.hasSilentPeer
        if asksAll { nextUrgentRun = begin + Self.urgentInterval }
        let (asked, tenants) = (calm, service.context.platform.directory.rounds.flatMap(\.tenants))
        let (found, fault) = try await OutstandingWork.find(service.context) { tenant in
            asked.contains(tenant) ? (asksAll ? .urgent : nil) : .all
        }
        nextRun = .now + (ContinuousClock.now - begin) * 9
        calm = (fault == nil ? Set(tenants.map(\.tenant.slug)) : asked).subtracting(found.map(\.0.tenant.slug))
        for (store, work) in found {
            do {
                try await process(work, of: store)
            } catch {
                log.warning(
                    "work of a tenant waits", [.name: store.tenant.slug, .error: String(reflecting: error)])
            }
        }
        if let fault { throw fault }
    }

    private func process(_ work: OutstandingWork, of store: TenantStore) async throws {
        if work.lacksCalendar { try await introduce(store) }
        if work.hasOtherDays { try await service.openDays(store) }
        if work.isOutdated || work.hasOtherDays { try await service.refreshDays(store) }
        if work.isUncached {
            let publisher = service.publisher
            service.health.isDegraded ? try await publisher.settleUncached(store) : try await publisher.catchUp(store)
        }
        if work.awaitsReport { try await service.requestReports(store) }
    }

    private func introduce(_ store: TenantStore) async throws {
        let (tenant, now) = (store.tenant.slug, service.context.now)
        guard nextQuestions[tenant].map({ $0 <= now }) ?? true else { return }
        nextQuestions[tenant] = now + .seconds(10)
        try await service.requestReports.introduce(store)
    }
}
