import EventLoop
import GuichetProtocol
package import Messaging
import Postgres
import ServiceHost
import Tenancy

extension QueueService {
    /// Every event that Queue acts on.
    package var subscriptions: [Subscription] {
        [
            .to(LineRequested.self, scope: .tenant) { [context, reportLine] event, delivery in
                guard let tenant = delivery.tenant else { return }
                try await reportLine(event, in: delivery.transaction)
                delivery.afterCommit { context.eventsCommitted(in: tenant.data) }
            }
        ]
    }
}
