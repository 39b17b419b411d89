import EventLoop
import GuichetProtocol
package import Messaging
import Postgres

extension IdentityApp {
    /// Every event that Identity acts on.
    package var subscriptions: [Subscription] {
        [
            // A tenant's page says which services are ready; the first administrator waits for our own schema.
            .to(SchemaPrepared.self, scope: .service) { event, context in
                try await context.transaction.query(
                    """
                    INSERT INTO tenant_services (tenant, service, ready_at)
                    VALUES (\(event.data.tenant), \(event.data.service), \(event.time)) ON CONFLICT DO NOTHING
                    """)
            },
            .to(AnnouncementsRequested.self, scope: .service) { [self] event, context in
                try await announceEverything(in: context.transaction, because: event.attributes)
                context.afterCommit { [self] in self.context.announced() }
            },
        ]
    }
}
