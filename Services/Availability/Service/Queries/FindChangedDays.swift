import EventLoop
import Postgres
import Primitives
import Tenancy

/// Finds out which of some days have changed for readers since an instant.
@EventLoop
struct FindChangedDays {
    func callAsFunction(_ days: [LocalDay], since instant: Instant, of store: TenantStore) async throws -> [LocalDay] {
        try await store.data.ask(Days.changed(days, since: instant))
    }
}
