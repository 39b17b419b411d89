import Authentication
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import Runtime
import ServiceHost
import Tenancy

/// Reads subscribers of the caller's tenant, with what the broker knows of their queues.
@EventLoop
struct ReadSubscribers {
    private let context: ServiceContext
    private let broker: BrokerManagement?
    private let address: String?

    /// - Parameter address: where the broker is reached from outside; nil if it is not configured.
    init(_ context: ServiceContext, _ broker: BrokerManagement?, address: String?) {
        (self.context, self.broker, self.address) = (context, broker, address)
    }

    /// At most `limit` subscribers in the order of their creation, after `id`.
    func callAsFunction(after id: SubscriberID?, limit: Int, by caller: Caller) async throws -> [SubscriberView] {
        let realm = try await Realm(of: caller.tenant, context)
        let line = Query.run(Audit.record(.subscribersRead, by: caller.actor, at: context.now))
        let found = try await realm.data.ask(Subscribers.page(after: id, limit: limit), line).0
        return await views(of: found, of: caller.tenant)
    }

    /// Throws ``NotFound``.
    func callAsFunction(_ id: SubscriberID, by caller: Caller) async throws -> SubscriberView {
        let realm = try await Realm(of: caller.tenant, context)
        let line = Query.run(Audit.record(.subscribersRead, by: caller.actor, on: id, at: context.now))
        guard let found = try await realm.data.ask(Subscribers.one(id), line).0,
            let view = await views(of: [found], of: caller.tenant).first
        else { throw NotFound() }
        return view
    }

    /// The answer to a request that has made a password: without it if it was replaced since. Throws ``NotFound``.
    func callAsFunction(
        _ id: SubscriberID, withPasswordOf seed: String, in realm: Realm
    ) async throws -> SubscriberPasswordView {
        guard let found = try await realm.data.ask(Subscribers.one(id)),
            let view = await views(of: [found], of: realm.tenant).first
        else { throw NotFound() }
        let password = BrokerPassword(seed, of: id, realm.vault)
        return SubscriberPasswordView(
            subscriber: view, password: password.matches(found.passwordHash) ? password.text : nil)
    }

    private func views(of subscribers: [Subscriber], of tenant: TenantSlug) async -> [SubscriberView] {
        let queues = await queues(of: subscribers, of: tenant)
        let address = address.map { "\($0)/\(broker?.host ?? "")" }
        return subscribers.map { subscriber in
            let account = SubscriberAccount(subscriber.name.description, of: tenant)
            return SubscriberView(
                subscriber, account: account.name, queue: account.queue, address: address,
                state: queues[account.queue].map {
                    SubscriberView.State(connected: ($0.consumers ?? 0) > 0, waiting: $0.messages ?? 0)
                })
        }
    }

    private func queues(
        of subscribers: [Subscriber], of tenant: TenantSlug
    ) async -> [String: BrokerManagement.QueueState] {
        guard let broker, !subscribers.isEmpty else { return [:] }
        do {
            return try await broker.queues(of: tenant)
        } catch {
            // Subscribers can be read while the broker is unavailable.
            Logger("subscribers").warning("the broker does not answer", [.error: String(reflecting: error)])
            return [:]
        }
    }
}
