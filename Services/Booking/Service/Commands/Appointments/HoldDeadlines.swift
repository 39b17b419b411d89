import EventLoop
import GuichetProtocol
import Primitives

/// When the next hold of each tenant lapses, as far as this process knows.
@EventLoop
final class HoldDeadlines {
    private var deadlines: [TenantSlug: Instant] = [:]

    nonisolated init() {}

    /// The next deadline of a tenant, nil if there is none.
    subscript(tenant: TenantSlug) -> Instant? {
        get { deadlines[tenant] }
        set { deadlines[tenant] = newValue }
    }

    /// Notes a hold that has just been taken.
    func expect(_ deadline: Instant, of tenant: TenantSlug) {
        deadlines[tenant] = min(deadline, deadlines[tenant] ?? deadline)
    }

    /// The tenants whose next deadline has passed.
    func due(at now: Instant) -> [TenantSlug] { deadlines.filter { $0.value <= now }.map(\.key) }
}
