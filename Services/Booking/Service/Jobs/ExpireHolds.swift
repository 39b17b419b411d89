import BookingDomain
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Runtime
import ServiceHost
import Tenancy

/// Records that holds have lapsed. The slot is free from the hold's last instant on, whoever looks; this tells the world.
///
/// Looking into a thousand schemas each second would be dear, so it looks each second where holds are known to be, and
/// everywhere from time to time for those that another process took.
@EventLoop
final class ExpireHolds {
    private let service: BookingService
    private let log = Logger("holds")
    private var deadlines: [TenantSlug: Instant] = [:]
    private var nextRound = ContinuousClock.now

    init(_ service: BookingService) { self.service = service }

    /// One run: everything that lapsed until now.
    func run() async {
        let now = service.now()
        if ContinuousClock.now >= nextRound {
            nextRound = .now + .seconds(5)
            for store in service.platform.directory.ready {
                await attempt(store.tenant.slug) { try await look(into: store) }
            }
        }
        for (tenant, deadline) in deadlines where deadline <= now {
            await attempt(tenant) {
                let desk = try await service.desk(of: tenant)
                while try await expireBatch(desk, at: now) {}
                try await look(into: desk.store)
            }
        }
    }

    /// One tenant's trouble is no other's: it is tried again in the next run.
    private func attempt(_ tenant: TenantSlug, _ body: @EventLoop () async throws -> Void) async {
        do {
            try await body()
        } catch {
            log.warning("holds of a tenant wait", [.name: tenant, .error: String(reflecting: error)])
        }
    }

    private func look(into store: TenantStore) async throws {
        let row = try await store.data.inBackground.query(
            "SELECT min(held_until) AS first FROM appointments WHERE status = 'held'")[
                0]
        deadlines[store.tenant.slug] = try row.find("first")
    }

    /// False when nothing was left to do.
    private func expireBatch(_ desk: Desk, at now: Instant) async throws -> Bool {
        let rows = try await desk.store.data.inBackground.query(
            """
            SELECT \(AppointmentRow.columns) FROM appointments
            WHERE status = 'held' AND held_until <= \(now) ORDER BY held_until LIMIT 50
            """)
        guard !rows.isEmpty else { return false }
        let catalog = try await desk.catalogs.catalog(of: desk.store)
        for row in rows {
            let stored = try AppointmentRow(row)
            var appointment = stored.appointment
            let fact = try appointment.expire(Change(at: now, by: .system))
            do {
                try await desk.write(
                    fact, owner: stored.owner, asOf: catalog, key: nil, answer: AppointmentView(appointment, catalog))
            } catch let error as PostgresError where error.isLostRace {
                continue  // Another process recorded it first, or somebody confirmed just in time.
            }
        }
        return true
    }
}
