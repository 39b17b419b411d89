import BookingDomain
import EventLoop
package import GuichetProtocol
package import Messaging
package import Postgres
import Primitives
import ServiceHost
import Tenancy

extension BookingService {
    /// Every event that Booking acts on.
    package var subscriptions: [Subscription] {
        [
            .to(ReportRequested.self, scope: .tenant) { [context, reportAgenda] event, delivery in
                guard let tenant = delivery.tenant else { return }
                try await reportAgenda(event, of: tenant, in: delivery.transaction)
                delivery.afterCommit { context.eventsCommitted(in: tenant.data) }
            }
        ]
    }

    /// What Booking removes when an account is erased.
    package func traces(of account: UserID) -> [SQL] {
        AccountErasure(of: Identifier(account.uuid), at: context.now).statements
    }
}
