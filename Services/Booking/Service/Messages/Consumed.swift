import EventLoop
import GuichetProtocol
package import Messaging
import Postgres
import Primitives
import Tenancy

extension BookingService {
    /// Every event that Booking acts on.
    package var subscriptions: [Subscription] {
        [
            .to(ReportRequested.self, scope: .tenant) { [self] event, context in
                let desk = try await desk(of: event.tenantid)
                let report = try await ReportAgenda(desk)(event.data, in: context.transaction)
                try await context.transaction.query(
                    PublishedEvents.record(report, answering: event.attributes, at: desk.now()))
                context.afterCommit { desk.relay.wake(desk.store.data) }
            }
        ]
    }
}
