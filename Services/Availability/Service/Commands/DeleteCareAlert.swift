import AvailabilityDomain
import EventLoop
import Postgres
import Primitives
import Tenancy

/// Ends a subscription to early slots (UC21).
@EventLoop
struct DeleteCareAlert {
    /// Throws ``NotFound`` if the subscriber has no such alert.
    func callAsFunction(
        _ id: Identifier<CareAlert>, of subscriber: Identifier<Subscriber>, in store: TenantStore
    ) async throws {
        guard try await store.data.ask(CareAlerts.delete(id, of: subscriber)) else { throw NotFound() }
    }
}
