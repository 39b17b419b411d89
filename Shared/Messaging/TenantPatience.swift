import Primitives

/// How long events wait for a tenant that is not ready here, before they are parked.
///
/// A tenant is announced by an event too, in a queue of its own order: what happens in it may well be heard of first.
/// Each tenant is waited for once, not once an event, so one that never becomes ready holds up no other for long.
final class TenantPatience {
    /// Beyond so many tenants nobody is waited for.
    static let mostTenants = 1000

    private let limit: Duration
    private var waitedFor: [TenantSlug: ContinuousClock.Instant] = [:]

    init(limit: Duration = .seconds(30)) { self.limit = limit }

    /// True when an event of the tenant that cannot be handled shall be tried again.
    func lasts(for tenant: TenantSlug) -> Bool {
        let now = ContinuousClock.now
        guard let begin = waitedFor[tenant] else {
            guard waitedFor.count < Self.mostTenants else { return false }
            waitedFor[tenant] = now
            return true
        }
        return now - begin < limit
    }

    /// The tenant is ready: should it ever be away again, it will be waited for.
    func ends(for tenant: TenantSlug) { waitedFor[tenant] = nil }
}
