import EventLoop
import GuichetProtocol
package import Messaging
import ServiceHost
import Tenancy

extension BookingService {
    /// Every event that Booking acts on.
    package var subscriptions: [Subscription] {
        [
            .to(ReportRequested.self, scope: .tenant) { [context, reportAgenda] event, delivery in
                let tenant = try await context.store(for: event.tenantid)
                try await reportAgenda(event, of: tenant, in: delivery.transaction)
                delivery.afterCommit { context.eventsCommitted(in: tenant.data) }
            }
        ]
    }
}
