import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Runtime
import Tenancy

/// Records with which version the history of an aggregate begins whose older events its publisher no longer has.
@EventLoop
struct HistoryBaselines {
    let service: TenantSlug
    let subscriptions: SubscriptionTable
    let directory: TenantDirectory
    private let log = Logger("facts")

    init(_ service: TenantSlug, _ subscriptions: SubscriptionTable, _ directory: TenantDirectory) {
        (self.service, self.subscriptions, self.directory) = (service, subscriptions, directory)
    }

    /// Takes the answer of a publisher. The facts that have waited are handled by the next sweep.
    func accept(_ event: CloudEvent<ReplayCompleted>) async throws {
        let answer = event.data
        let aggregate = FollowedAggregate(source: "/guichet/\(answer.publisher)", name: answer.subject)
        guard answer.asker == service, let scope = AggregateName(of: aggregate).flatMap({ subscriptions.facts[$0] })
        else { return }
        let tenant = scope == .tenant ? try await directory.storeOfAny(event.tenantid) : nil
        guard let store = scope == .tenant ? tenant?.data : directory.registry else { return }
        let version = AggregateVersion(generation: answer.generation, version: answer.begin)
        try await store.inBackground.transaction { transaction in
            let known = try await Inbox.progress(of: [aggregate], withFactsOf: [aggregate], in: transaction)
            var plan = InboxPlan(known: known, releasing: 0)
            plan.begin(aggregate, at: version)
            guard plan.progress[aggregate]?.baseline != nil else { return }
            log.error(
                "facts are missing that their publisher no longer has; the history begins later",
                [.name: "\(answer.publisher) \(answer.subject) from version \(answer.begin)"])
            try await Inbox.record(plan, in: transaction)
        }
    }
}
