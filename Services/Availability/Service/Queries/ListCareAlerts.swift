import AvailabilityDomain
import EventLoop
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Lists the alerts of one subscriber, the oldest first.
@EventLoop
struct ListCareAlerts {
    let context: ServiceContext

    init(_ context: ServiceContext) { self.context = context }

    func callAsFunction(of subscriber: Identifier<Subscriber>, in store: TenantStore) async throws -> [CareAlertView] {
        try await store.data.ask(CareAlerts.own(subscriber, at: context.now))
    }
}
