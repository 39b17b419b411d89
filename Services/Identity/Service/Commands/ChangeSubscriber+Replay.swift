import Authentication
import EventLoop
import GuichetProtocol
import Idempotency
import IdentityDomain
import Messaging
import Postgres
import Primitives
import ServiceHost
import Tenancy

extension ChangeSubscriber {
    /// The least time between two replays of one subscriber.
    private static let replayPause: Duration = .seconds(60)

    /// Has every publisher send the events since an instant again, as far as the outboxes keep them. Once per key. Throws
    /// ``NotFound`` or ``IdentityError/tooManyReplays``.
    func replay(
        to id: SubscriberID, from start: Instant, by caller: Caller, key: IdempotencyRecord?
    ) async throws -> SubscriberReplayView {
        let (realm, now) = (try await Realm(of: caller.tenant, context), context.now)
        let oldest = now - .seconds(86_400) * OutboxRelay.retentionDays
        let replay = SubscriberReplayView(id: .new(at: now), from: min(max(start, oldest), now))
        let answer = try await realm.data.once(key) { transaction in
            try await realm.confirm(caller, in: transaction, at: now)
            let found = try await transaction.ask(Subscribers.one(id))
            guard let found else { throw NotFound() }
            guard try await transaction.ask(Subscribers.beginReplay(of: id, at: now, notAfter: now - Self.replayPause))
            else {
                throw IdentityError.tooManyReplays(retryAfter: Self.replayPause)
            }
            let account = SubscriberAccount(found.name.description, of: realm.tenant)
            let request = SubscriberReplayRequested(
                queue: account.queue, types: found.events.types.map(\.type), from: replay.from)
            try await transaction.batch([
                Outbox.record(request, of: replay.id.description, version: 1, tenant: realm.tenant, at: now),
                Audit.record(.subscriberReplay, by: caller.actor, on: id, at: now),
            ])
            return replay
        }
        context.eventsCommitted(in: realm.data)
        return answer
    }
}
