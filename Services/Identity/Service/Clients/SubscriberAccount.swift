import GuichetProtocol
import IdentityDomain
import Messaging
import Primitives

/// The account and the queue of a subscriber, as the broker must have them.
///
/// The account reads its queue and does nothing else: it declares, binds and publishes nothing. The operator policy
/// `subscribers` of the broker bounds every queue whose name begins with `sub.`. The queue is a classic one: a quorum queue
/// without a leader confirms nothing, so it would stop the publishers of the tenant's events.
struct SubscriberAccount: Sendable {
    private static let prefix = "sub"
    private static let nothing = "^$"
    private static let limits = BrokerDefinitions.User.Limits(connections: 8, channels: 32)

    /// The name of the account.
    let name: String
    /// The name of its queue.
    var queue: String { "\(name).events" }

    init(_ subscriber: String, of tenant: TenantSlug) { name = "\(Self.prefix).\(tenant).\(subscriber)" }

    /// The account of this name; nil if it is not that of a subscriber.
    init?(name: String) {
        guard Self.tenant(ofAccount: name) != nil else { return nil }
        self.name = name
    }

    /// The tenant of a subscriber, by the name of its account.
    var tenant: TenantSlug? { Self.tenant(ofAccount: name) }

    private static func tenant(ofAccount name: String) -> TenantSlug? {
        let words = name.split(separator: ".", omittingEmptySubsequences: false)
        guard words.count == 3, words[0] == prefix, SubscriberName(String(words[2])) != nil else { return nil }
        return TenantSlug(words[1])
    }

    /// Everything that the broker must have of the account.
    func definitions(_ types: [EventName], passwordHash: String, of tenant: TenantSlug, on host: String)
        -> BrokerDefinitions
    {
        let topics = types.map { "\($0.service)\\.\($0.aggregate)\\.\($0.verb)\\.v\($0.version)" }.sorted()
        // By its name alone it receives replays, which services publish to the exchange of messages for one queue.
        let bindings =
            [(EventRouting.parking, queue)]
            + types.map { (EventRouting.exchange, $0.routingKey(tenant: "\(tenant)", shard: "*")) }
        return BrokerDefinitions(
            users: [
                BrokerDefinitions.User(
                    name: name, passwordHash: passwordHash, algorithm: "rabbit_password_hashing_sha256", tags: [],
                    limits: Self.limits)
            ],
            permissions: [
                BrokerDefinitions.Permission(
                    user: name, vhost: host, configure: Self.nothing, write: Self.nothing, read: "^\(pattern(queue))$")
            ],
            topicPermissions: [
                BrokerDefinitions.TopicPermission(
                    user: name, vhost: host, exchange: EventRouting.exchange, write: Self.nothing,
                    read: "^\(tenant)\\.(\(topics.joined(separator: "|")))\\.[0-9*]+$")
            ],
            queues: [
                BrokerDefinitions.Queue(
                    name: queue, vhost: host, durable: true, isAutoDeleted: false,
                    arguments: .init(type: "classic", hasSingleConsumer: true))
            ],
            bindings: bindings.map { source, key in
                BrokerDefinitions.Binding(
                    source: source, vhost: host, destination: queue, kind: "queue", routingKey: key,
                    arguments: .init())
            })
    }

    /// Names have no other characters with a meaning in regular expressions than dots.
    private func pattern(_ name: String) -> String { name.replacing(".", with: "\\.") }
}
