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
/// It looks often where holds are known to be, and from time to time everywhere, for those that another process took.
@EventLoop
final class ExpireHolds {
    private let service: BookingService
    private let log = Logger("holds")
    private var deadlines: [TenantSlug: Instant] = [:]

    init(_ service: BookingService) { self.service = service }

    /// Learns where holds will lapse next.
    func look() async throws {
        try await service.platform.directory.onEachServer { [self] round in
            let firsts = try await round.survey(round.tenants.map(\.data)) {
                "SELECT * FROM first_holds(\($0)::text[])"
            }
            for store in round.tenants {
                deadlines[store.tenant.slug] = try firsts[store.data.schema]?.get("held_until")
            }
        }
    }

    /// One run: everything known of that lapsed until now.
    func run() async {
        let now = service.now()
        for (tenant, deadline) in deadlines where deadline <= now {
            await attempt(tenant) {
                let desk = try await service.desk(of: tenant)
                while try await expireBatch(desk, at: now) {}
                let next = try await desk.store.data.inBackground.query(
                    "SELECT held_until FROM first_holds(ARRAY[current_schema()::text])")
                deadlines[tenant] = try next.first?.get("held_until")
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
