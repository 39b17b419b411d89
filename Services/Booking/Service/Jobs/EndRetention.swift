import EventLoop
import Postgres
import ServiceHost
import Tenancy

/// Erases patients whose data have been kept as long as they may be, and removes lines of the audit that are older.
/// Every replica does it; a patient whom another one has erased is left alone.
@EventLoop
struct EndRetention {
    private static let linesAtOnce = 10_000

    let context: ServiceContext
    let erasePatient: ErasePatient
    let configuration: BookingConfiguration
    /// How many patients of a tenant one run erases, at most.
    var patientsAtOnce = 100

    init(_ context: ServiceContext, _ erasePatient: ErasePatient, _ configuration: BookingConfiguration) {
        (self.context, self.erasePatient, self.configuration) = (context, erasePatient, configuration)
    }

    /// One run. A failure for one tenant does not affect the others; the next run tries again.
    func run() async throws {
        try await context.platform.directory.onEachServer { round in
            try await round.eachTenant { try await end(in: $0.inBackground) }
        }
    }

    private func end(in tenant: TenantStore) async throws {
        let retention = Retention(years: configuration.retentionYears, before: context.now)
        let (ended, _) = try await tenant.data.ask(
            retention.endedPatients(limit: patientsAtOnce),
            .run(AccessAudit.prune(before: retention, limit: Self.linesAtOnce)))
        for patient in ended {
            do {
                try await erasePatient.afterRetention(patient, in: tenant)
            } catch is PatientHasAppointments {
                continue  // They have booked again in the meantime.
            }
        }
    }
}
