import Authentication
import EventLoop
import GuichetProtocol
import Idempotency
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Replaces the password of a subscriber, or removes the subscriber. Connections of the account end with both.
@EventLoop
struct ChangeSubscriber {
    let context: ServiceContext
    private let readSubscribers: ReadSubscribers
    private let reconcile: ReconcileSubscribers

    init(_ context: ServiceContext, _ readSubscribers: ReadSubscribers, _ reconcile: ReconcileSubscribers) {
        (self.context, self.readSubscribers, self.reconcile) = (context, readSubscribers, reconcile)
    }

    /// Makes a new password, once per key. Throws ``NotFound`` or ``IdentityError``; after
    /// ``IdentityError/brokerUnavailable`` the old password is valid until the broker has followed.
    func replacePassword(
        of id: SubscriberID, by caller: Caller, key: IdempotencyRecord?
    ) async throws -> SubscriberPasswordView {
        let (realm, now) = (try await Realm(of: caller.tenant, context), context.now)
        let seed = try await realm.data.once(key) { transaction in
            try await realm.confirm(caller, in: transaction, at: now)
            let seed = BrokerPassword.seed()
            let hash = BrokerPassword(seed, of: id, realm.vault).hash()
            guard try await transaction.ask(Subscribers.setPassword(hash, of: id, at: now)) else { throw NotFound() }
            try await transaction.query(Audit.record(.subscriberChange, by: caller.actor, on: id, at: now))
            return seed
        }
        try await reconcile(of: caller.tenant, realm.data)
        return try await readSubscribers(id, withPasswordOf: seed, in: realm)
    }

    /// Removes the account, its queue and its connections. Throws ``NotFound``, or ``IdentityError/brokerUnavailable`` until
    /// the broker has followed.
    func remove(_ id: SubscriberID, by caller: Caller) async throws {
        let (realm, now) = (try await Realm(of: caller.tenant, context), context.now)
        try await realm.change(by: caller, at: now) { transaction in
            guard try await transaction.ask(Subscribers.remove(id, at: now)) else { throw NotFound() }
            try await transaction.query(Audit.record(.subscriberRemove, by: caller.actor, on: id, at: now))
        }
        try await reconcile(of: caller.tenant, realm.data)
    }
}
