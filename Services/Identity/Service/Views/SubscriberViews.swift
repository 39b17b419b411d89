import GuichetProtocol
import IdentityDomain
import Primitives

/// A system outside the suite that receives events of the tenant.
struct SubscriberView: Codable, Sendable {
    /// The id of the subscriber.
    let id: SubscriberID
    /// The name, unique in the tenant.
    let name: SubscriberName
    /// The events that it receives: types, or kinds of aggregates for all their types.
    let events: EventSelections
    /// The name of its account at the broker.
    let account: String
    /// The queue that its events wait in, which the account reads and nothing else.
    let queue: String
    /// Where the broker is reached, virtual host included; absent if the installation does not say so.
    let address: String?
    /// When the subscriber was created.
    let createdAt: Instant
    /// When its password was made.
    let passwordChangedAt: Instant
    /// Since when events wait in the queue; later than before if the broker has lost or removed the queue meanwhile. Absent
    /// until the broker has it.
    let collectingSince: Instant?
    /// What the broker knows of the queue; absent if it does not answer.
    let state: State?

    /// A queue, as the broker counted it some seconds ago.
    struct State: Codable, Sendable {
        /// Whether a connection consumes the queue.
        let connected: Bool
        /// How many events are in the queue.
        let waiting: Int
    }

    init(_ subscriber: Subscriber, account: String, queue: String, address: String?, state: State?) {
        (id, name, events) = (subscriber.id, subscriber.name, subscriber.events)
        (self.account, self.queue, self.address) = (account, queue, address)
        (createdAt, passwordChangedAt) = (subscriber.createdAt, subscriber.passwordChangedAt)
        (collectingSince, self.state) = (subscriber.collectingSince, state)
    }
}

/// A replay of events to a subscriber, which was requested.
struct SubscriberReplayView: Codable, Sendable {
    /// The id, in the header `x-guichet-replay` of each message.
    let id: SubscriberReplayID
    /// The first instant of the events that are sent, as far as they are kept.
    let from: Instant
}

/// Marks ids of replays.
enum SubscriberReplayKind {}
/// Names a replay to a subscriber.
typealias SubscriberReplayID = Identifier<SubscriberReplayKind>

/// A subscriber and its new password.
struct SubscriberPasswordView: Codable, Sendable {
    /// The subscriber.
    let subscriber: SubscriberView
    /// The password of its account, which is shown only here; absent from a repeated answer if it was replaced since.
    let password: String?
}
