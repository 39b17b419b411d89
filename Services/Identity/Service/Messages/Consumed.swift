import EventLoop
package import GuichetProtocol
package import Messaging
package import Postgres
import Primitives
import ServiceHost
import Tenancy

extension IdentityService {
    /// Every event that Identity acts on.
    package var subscriptions: [Subscription] {
        [
            // Shown with the tenant, as the services that are ready for it.
            .to(SchemaPrepared.self, scope: .service) { event, context in
                try await context.transaction.query(
                    TenantReadiness.record(
                        event.data.service, isReadyFor: event.data.tenant, event.data.id, since: event.time))
            },
            .to(SchemaRemoved.self, scope: .service) { event, context in
                try await context.transaction.query(TenantReadiness.remove(event.data.service, of: event.data.id))
            },
            .to(AnnouncementsRequested.self, scope: .service) { [self] event, context in
                try await announceEverything(in: context.transaction, because: event.attributes)
                context.afterCommit { [self] in self.context.eventsCommitted(in: self.context.registry) }
            },
        ]
    }

    /// What Identity removes when an account is erased, beside what the erasure itself removes.
    package func traces(of account: UserID) -> [SQL] { [Sessions.removeAnnouncements(of: account)] }
}
