import EventLoop
import GuichetProtocol
import Primitives
import Runtime
import Tenancy

/// Refreshes the days of a tenant as soon as an event has touched them, one run at a time: concurrent runs would only
/// wait for each other.
@EventLoop
final class DayRefresher {
    /// From the start of one run for a tenant to the start of the next: under load, the events that arrive in between
    /// are processed together, for little more than the cost of one.
    private static let pause: Duration = .milliseconds(10)

    private let refreshDays: RefreshDays
    private let requestReports: RequestReports
    private let activeTenants: ActiveTenants
    private let runs = Coalescer<TenantSlug>()
    private let log = Logger("refresh")

    init(_ refreshDays: RefreshDays, _ requestReports: RequestReports, _ activeTenants: ActiveTenants) {
        (self.refreshDays, self.requestReports, self.activeTenants) = (refreshDays, requestReports, activeTenants)
    }

    /// Refreshes the tenant's days soon. Returns at once. Called after the commit of a transaction that touched days.
    func trigger(_ store: TenantStore) {
        activeTenants.note(store.tenant.slug)
        runs.run(store.tenant.slug) { [self] in await refresh(store) }
    }

    private func refresh(_ store: TenantStore) async {
        let next = ContinuousClock.now + Self.pause
        do {
            let rest = try await refreshDays(store)
            if rest.isBusy { trigger(store) }
            // A new doubt is resolved without waiting for the reconciler.
            if rest.isWithholding { try await requestReports(store) }
            if next > .now { try await EventLoop.sleep(for: next - .now) }
        } catch {
            log.warning(
                "days will be refreshed later", [.name: store.tenant.slug, .error: String(reflecting: error)])
        }
    }
}
