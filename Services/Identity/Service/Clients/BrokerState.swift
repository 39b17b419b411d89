import Primitives

/// What the broker has on one virtual host.
struct BrokerState: Sendable {
    private let users: [String: BrokerDefinitions.User]
    private let permissions: Set<BrokerDefinitions.Permission>
    private let topicPermissions: Set<BrokerDefinitions.TopicPermission>
    private let queues: Set<String>
    private let bindings: Set<BrokerDefinitions.Binding>
    /// The accounts that have permissions on other hosts.
    private let elsewhere: Set<String>
    /// The accounts of subscribers on this host.
    let accounts: [SubscriberAccount]

    init(_ definitions: BrokerDefinitions, on host: String) {
        users = Dictionary(definitions.users.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        permissions = Set(definitions.permissions)
        topicPermissions = Set(definitions.topicPermissions)
        queues = Set(definitions.queues.filter { $0.vhost == host }.map(\.name))
        bindings = Set(definitions.bindings.filter { $0.vhost == host })
        let elsewhere = Set(definitions.permissions.filter { $0.vhost != host }.map(\.user))
        self.elsewhere = elsewhere
        accounts = definitions.permissions.filter { $0.vhost == host && !elsewhere.contains($0.user) }
            .compactMap { SubscriberAccount(name: $0.user) }
    }

    /// Whether another installation uses the account, which shares the broker but not the host.
    func isOfAnotherHost(_ account: SubscriberAccount) -> Bool { elsewhere.contains(account.name) }

    func hasQueue(of account: SubscriberAccount) -> Bool { queues.contains(account.queue) }

    /// Whether the account exists with another password.
    func hasOtherPassword(_ account: SubscriberAccount, than hash: String) -> Bool {
        users[account.name].map { $0.passwordHash != hash } ?? false
    }

    /// Whether the broker has all this already.
    func contains(_ wanted: BrokerDefinitions) -> Bool {
        wanted.users.allSatisfy { users[$0.name] == $0 } && permissions.isSuperset(of: wanted.permissions)
            && topicPermissions.isSuperset(of: wanted.topicPermissions)
            && queues.isSuperset(of: wanted.queues.map(\.name)) && bindings.isSuperset(of: wanted.bindings)
    }
}
