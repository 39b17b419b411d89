import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Compares the published days with the central index, a few days at a time, although nothing indicates a difference:
/// an event that was lost as the last of its appointment leaves no gap.
@EventLoop
final class ConsistencyCheck {
    /// Days that are checked at a time.
    private static let stretch = 7

    private let service: AvailabilityService
    /// The tenants that are still to be checked, and how many days of the last of them have been.
    private var tenants: [TenantSlug] = []
    private var offset = 0

    init(_ service: AvailabilityService) { self.service = service }

    /// Checks the next stretch of days.
    func run() async throws {
        if tenants.isEmpty {
            try await service.context.platform.directory.onEachServer { self.tenants += $0.tenants.map(\.tenant.slug) }
        }
        guard let tenant = tenants.popLast() else { return }
        let first = offset
        offset = 0
        // A tenant that fails is skipped until the next round.
        if try await check(tenant, from: first) {
            tenants.append(tenant)
            offset = first + Self.stretch
        }
    }

    /// Asks about the days from `offset` days after today on; false if none of them can be booked.
    private func check(_ tenant: TenantSlug, from offset: Int) async throws -> Bool {
        let store = try await service.context.store(for: tenant)
        let horizon = try await store.data.inBackground.ask(CalendarRows.horizon)
        guard let horizon, offset <= horizon else { return false }
        let today = try await service.calendars.zone(of: store).local(service.context.now).day
        let first = today.advanced(by: offset)
        try await service.requestReports.check(first...first.advanced(by: Self.stretch - 1), of: store)
        return true
    }
}
