import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Makes sure, a few days at a time, that what is published is what the central index says, though nothing looks wrong:
/// an event that got lost as the last of its kind leaves no gap.
@EventLoop
final class Audit {
    private let service: AvailabilityService
    /// Where the round is: the tenants that come, and how many days of the first of them are done.
    private var tenants: [TenantSlug] = []
    private var offset = 0

    init(service: AvailabilityService) { self.service = service }

    /// Checks the next stretch of days.
    func run() async throws {
        if tenants.isEmpty {
            try await service.platform.directory.onEachServer { self.tenants += $0.tenants.map(\.tenant.slug) }
        }
        guard let tenant = tenants.last else { return }
        let store = try await service.platform.directory.store(for: tenant)
        let rows = try await store.data.inBackground.query("SELECT horizon_days FROM calendar")
        guard let horizon: Int = try rows.first?.get("horizon_days"), offset <= horizon else {
            tenants.removeLast()
            offset = 0
            return
        }
        let today = try await service.calendars.zone(of: store).local(service.now()).day
        let first = today.advanced(by: offset)
        offset += Self.stretch
        try await RequestReports(desk: service.desk(of: store)).check(first...first.advanced(by: Self.stretch - 1))
    }

    /// Days that are checked at a time.
    private static let stretch = 7
}
