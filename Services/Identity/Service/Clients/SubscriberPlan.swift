import IdentityDomain
import Primitives

/// What the broker lacks of the subscribers of one tenant, and what it has too much.
struct SubscriberPlan: Sendable {
    /// To add, or to change.
    private(set) var additions = BrokerDefinitions()
    /// Accounts whose password was replaced. Without its account, a connection that was made with the old one ends.
    private(set) var replaced: [SubscriberAccount] = []
    private(set) var removed: [SubscriberAccount] = []
    /// Accounts that another installation on the broker has; they stay as they are.
    private(set) var foreign: [SubscriberAccount] = []
    /// The ids of subscribers whose queue is new.
    private(set) var started: [String] = []
    /// The ids of subscribers whose removal is complete once the plan is carried out.
    private(set) var finished: [String] = []

    init(_ subscribers: [WantedSubscriber], of tenant: TenantSlug, _ state: BrokerState, on host: String) {
        var removed = Dictionary(
            state.accounts.filter { $0.tenant == tenant }.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        for subscriber in subscribers {
            let account = SubscriberAccount(subscriber.name, of: tenant)
            if state.isOfAnotherHost(account) { foreign.append(account) }
            if subscriber.isRemoved {
                finished.append(subscriber.id)
                if state.hasQueue(of: account) { removed[account.name] = account }
            } else if !state.isOfAnotherHost(account) {
                removed[account.name] = nil
                let wanted = account.definitions(
                    subscriber.types, passwordHash: subscriber.passwordHash, of: tenant, on: host)
                if !state.contains(wanted) { additions.append(wanted) }
                if state.hasOtherPassword(account, than: subscriber.passwordHash) { replaced.append(account) }
                if !subscriber.isCollecting || !state.hasQueue(of: account) { started.append(subscriber.id) }
            }
        }
        self.removed = removed.values.sorted { $0.name < $1.name }
    }
}
