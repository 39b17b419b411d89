import EventLoop
import Postgres
import Primitives
import Tenancy

/// Finds out which of some days readers see otherwise since a certain time.
@EventLoop
struct FindChangedDays {
    let store: TenantStore

    func callAsFunction(_ days: [LocalDay], since instant: Instant) async throws -> [LocalDay] {
        try await store.data.query(Days.changed(days, since: instant)).map { try Days.day($0) }
    }
}
