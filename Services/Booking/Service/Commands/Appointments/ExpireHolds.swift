import BookingDomain
import EventLoop
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Records that holds have lapsed. Their slots are free from that instant on, recorded or not.
@EventLoop
struct ExpireHolds {
    private static let batch = 50

    let catalogs: ClinicCatalogs
    let appointments: Appointments

    init(_ catalogs: ClinicCatalogs, _ appointments: Appointments) {
        (self.catalogs, self.appointments) = (catalogs, appointments)
    }

    /// Records all holds that lapsed until `now`.
    func callAsFunction(in tenant: TenantStore, at now: Instant) async throws {
        while true {
            let lapsed = try await tenant.data.ask(Holds.lapsed(at: now, limit: Self.batch))
            guard !lapsed.isEmpty else { return }
            let catalog = try await catalogs.catalog(of: tenant)
            for stored in lapsed {
                var appointment = stored.appointment
                let fact = try appointment.expire(Change(at: now, by: .system))
                let write = AppointmentWrite(
                    fact: fact, owner: stored.owner, calendarVersion: catalog.version, generation: stored.generation)
                do {
                    try await appointments.store(write, in: tenant)
                } catch let error as PostgresError where error.isLostRace {
                    continue  // Another process recorded it first, or it was confirmed just in time.
                }
            }
        }
    }
}
