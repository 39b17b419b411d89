import BookingDomain
import EventLoop
import GuichetProtocol
import Idempotency
import Primitives
import ServiceHost
import Tenancy

/// How many bookings of each tenant this process runs and has started this minute. The tenant's rules limit both; each
/// process takes an equal share of the limits.
@EventLoop
final class BookingLoad {
    private struct Load {
        var minute: Int64
        var running = 0
        var started = 0
    }

    private let context: ServiceContext
    private let catalogs: ClinicCatalogs
    private var loads: [TenantSlug: Load] = [:]

    init(_ context: ServiceContext, _ catalogs: ClinicCatalogs) { (self.context, self.catalogs) = (context, catalogs) }

    /// Runs a booking. Beyond the limits it only answers what the same request was answered before, and throws
    /// `tooManyBookings` or `bookingsTooFast` for a new one.
    func book(
        in tenant: TenantStore, key: IdempotencyRecord?,
        _ booking: @EventLoop () async throws -> AppointmentView
    ) async throws -> AppointmentView {
        let rules = try await catalogs.recent(of: tenant).rules
        do {
            try start(in: tenant.tenant.slug, rules)
        } catch {
            guard let earlier = try await tenant.data.ask(key.earlierAnswer(as: AppointmentView.self)) else {
                throw error
            }
            return earlier
        }
        defer { loads[tenant.tenant.slug]?.running -= 1 }
        return try await booking()
    }

    private func start(in tenant: TenantSlug, _ rules: ClinicRules) throws(BookingError) {
        let minute = context.now.seconds / 60
        var load = loads[tenant] ?? Load(minute: minute)
        if load.minute != minute { (load.minute, load.started) = (minute, 0) }
        try rules.checkBooking(
            running: load.running, startedThisMinute: load.started, among: context.platform.presence.processes)
        load.running += 1
        load.started += 1
        loads[tenant] = load
    }
}
