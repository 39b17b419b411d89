import EventLoop
package import GuichetProtocol
package import Messaging
package import Postgres
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
            + Subscription.toFamily(AppointmentData.self, scope: .tenant) { events, delivery in
                // Of several events of one appointment the last one counts.
                let newest = Dictionary(events.map { ($0.data.appointment.id, $0.data.appointment) }) { $1 }
                delivery.transaction.later([BookedAppointments.follow(Array(newest.values))])
            }
    }

    /// Removes the screens that a tenant has confirmed and that are not paired yet.
    package func remove(_ tenant: TenantProfile) async throws -> [SQL] { [DisplayPairings.remove(tenant.slug)] }
}
