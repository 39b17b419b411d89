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
        guard let tenant = tenants.popLast() else { return }
        let first = offset
        offset = 0
        // Whoever is in trouble is passed over until the next round.
        if try await check(tenant, from: first) {
            tenants.append(tenant)
            offset = first + Self.stretch
        }
    }

    /// Asks about the days that begin so many days from today; false when none of them can be booked.
    private func check(_ tenant: TenantSlug, from offset: Int) async throws -> Bool {
        let store = try await service.platform.directory.store(for: tenant)
        let rows = try await store.data.inBackground.query("SELECT horizon_days FROM calendar")
        guard let horizon: Int = try rows.first?.get("horizon_days"), offset <= horizon else { return false }
        let first = try await service.calendars.zone(of: store).local(service.now()).day.advanced(by: offset)
        try await RequestReports(desk: service.desk(of: store)).check(first...first.advanced(by: Self.stretch - 1))
        return true
    }

    /// Days that are checked at a time.
    private static let stretch = 7
}
