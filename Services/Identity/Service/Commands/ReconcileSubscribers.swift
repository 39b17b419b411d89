import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import Runtime
import ServiceHost
import Tenancy

/// Brings the accounts and queues of subscribers at the broker to what the tables say, whatever an interrupted request, a
/// restored backup or a new broker has left. One process at a time does so, and reads the tables meanwhile, so that none
/// brings back what another has removed.
@EventLoop
struct ReconcileSubscribers {
    /// A tenant as its table says; without a store if the tenant is closed or does not exist any more.
    private struct Tenant {
        let store: SchemaStore?
        let subscribers: [WantedSubscriber]
    }

    private static let work = "subscribers"
    private static let backoff = Backoff(from: .milliseconds(20), to: .milliseconds(100))

    let context: ServiceContext
    let broker: BrokerManagement?
    private let log = Logger("subscribers")

    init(_ context: ServiceContext, _ broker: BrokerManagement?) { (self.context, self.broker) = (context, broker) }

    /// For all tenants, unless another process is doing so. A tenant whose table cannot be read stays as it is; one that is
    /// closed has no accounts until it is opened again.
    func callAsFunction() async throws {
        guard let broker else { return }
        let registry = context.registry.inBackground
        _ = try await registry.exclusively(Self.work) {
            var (tenants, fault) = await readAll()
            let state = try await broker.state()
            let strangers = Set(state.accounts.compactMap(\.tenant)).subtracting(tenants.keys)
            let open = try await registry.ask(TenantRegistration.open(among: Array(strangers)))
            for slug in strangers.subtracting(open) { tenants[slug] = Tenant(store: nil, subscribers: []) }
            for (slug, tenant) in tenants {
                do { try await reconcile(tenant, slug, state, at: broker) } catch { fault = error }
            }
            if let fault { throw fault }
        }
    }

    /// For one tenant, for a request that has changed its table. Throws ``IdentityError/brokerUnavailable`` if the broker
    /// does not follow now; the periodic run makes up for it.
    func callAsFunction(of slug: TenantSlug, _ store: SchemaStore) async throws {
        guard let broker else { throw IdentityError.brokerUnavailable }
        do {
            for attempt in 1...50 {
                let done: Void? = try await context.registry.inBackground.exclusively(Self.work) {
                    let rows = try await store.query(Subscribers.wanted(in: [store.schema.description]))
                    guard let row = rows.first else { throw IdentityError.brokerUnavailable }
                    let tenant = Tenant(store: store, subscribers: try Subscribers.wanted(row))
                    try await reconcile(tenant, slug, broker.state(), at: broker)
                }
                if done != nil { return }
                try await EventLoop.sleep(for: Self.backoff.pause(after: attempt))
            }
        } catch let fault as BrokerManagement.Fault {
            log.warning("the broker will follow later", [.name: slug, .error: "\(fault)"])
        }
        throw IdentityError.brokerUnavailable
    }

    private func readAll() async -> ([TenantSlug: Tenant], fault: (any Error)?) {
        var read: [TenantSlug: Tenant] = [:]
        do {
            try await context.platform.directory.onEachServer { round in
                let rows = try await round.queryAll(round.tenants.map(\.data)) { Subscribers.wanted(in: $0) }
                for tenant in round.tenants {
                    guard let row = rows[tenant.data.schema] else { continue }
                    read[tenant.tenant.slug] = Tenant(
                        store: tenant.data.inBackground, subscribers: try Subscribers.wanted(row))
                }
            }
            return (read, nil)
        } catch {
            return (read, error)
        }
    }

    private func reconcile(
        _ tenant: Tenant, _ slug: TenantSlug, _ state: BrokerState, at broker: BrokerManagement
    ) async throws {
        let plan = SubscriberPlan(tenant.subscribers, of: slug, state, on: broker.host)
        for account in plan.foreign {
            log.error("an account exists on another host of the broker", [.name: account.name])
        }
        for account in plan.replaced { try await broker.removeUser(account) }
        if !plan.additions.users.isEmpty { try await broker.add(plan.additions) }
        for account in plan.removed { try await broker.remove(account) }
        var statements: [SQL] = []
        if !plan.started.isEmpty { statements.append(Subscribers.startCollecting(plan.started, at: context.now)) }
        if !plan.finished.isEmpty { statements.append(Subscribers.delete(plan.finished)) }
        if !statements.isEmpty { try await tenant.store?.batch(statements) }
    }
}
