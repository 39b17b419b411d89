import Authentication
import EventLoop
import GuichetProtocol
import Idempotency
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Creates a subscriber of the caller's tenant, with an account and a queue at the broker.
@EventLoop
struct CreateSubscriber {
    /// What is stored under the key of the request.
    private struct Answer: Codable {
        let id: SubscriberID
        let seed: String
    }

    private let context: ServiceContext
    private let readSubscribers: ReadSubscribers
    private let reconcile: ReconcileSubscribers

    init(_ context: ServiceContext, _ readSubscribers: ReadSubscribers, _ reconcile: ReconcileSubscribers) {
        (self.context, self.readSubscribers, self.reconcile) = (context, readSubscribers, reconcile)
    }

    /// Once per key. Throws ``IdentityError``; after ``IdentityError/brokerUnavailable`` the subscriber exists, and the same
    /// request returns it once the broker has followed.
    func callAsFunction(
        _ name: SubscriberName, _ events: EventSelections, by caller: Caller, key: IdempotencyRecord?
    ) async throws -> SubscriberPasswordView {
        guard reconcile.broker != nil else { throw IdentityError.brokerUnavailable }
        let (realm, now) = (try await Realm(of: caller.tenant, context), context.now)
        let answer = try await IdentityError.subscriberNameTaken.replacing(conflictOf: "subscriber_name_is_free") {
            try await realm.data.once(key) { transaction in
                try await realm.confirm(caller, in: transaction, at: now)
                let (_, count) = try await transaction.ask(Subscribers.lock, Subscribers.count)
                guard count < Subscriber.limit else { throw IdentityError.subscribersExhausted }
                let answer = Answer(id: .new(at: now), seed: BrokerPassword.seed())
                let password = BrokerPassword(answer.seed, of: answer.id, realm.vault)
                try await transaction.batch([
                    Subscribers.insert(answer.id, name, events, passwordHash: password.hash(), at: now),
                    Audit.record(.subscriberCreate, by: caller.actor, on: answer.id, at: now),
                ])
                return answer
            }
        }
        try await reconcile(of: caller.tenant, realm.data)
        return try await readSubscribers(answer.id, withPasswordOf: answer.seed, in: realm)
    }
}
