import EventLoop
import Primitives

/// The tenants that this process has worked for a moment ago, and may therefore have left work of.
@EventLoop
final class ActiveTenants {
    /// Longer than a transaction and what follows it may take.
    private static let memory: Duration = .seconds(10)

    private var ends: [TenantSlug: ContinuousClock.Instant] = [:]

    nonisolated init() {}

    /// Notes that work for the tenant begins.
    func note(_ tenant: TenantSlug) { ends[tenant] = .now + Self.memory }

    /// The tenants noted within the last moments.
    func recent() -> [TenantSlug] {
        let now = ContinuousClock.now
        ends = ends.filter { $0.value > now }
        return Array(ends.keys)
    }
}
