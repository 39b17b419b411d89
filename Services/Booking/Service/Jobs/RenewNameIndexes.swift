import BookingDomain
import EventLoop
import GuichetProtocol
import Postgres
import ServiceHost
import Tenancy

/// Computes the indexes of patients' names again who were registered under an older rule, by a previous release. One
/// process does it; a patient whom another one has done is left alone.
@EventLoop
struct RenewNameIndexes {
    private static let patientsAtOnce = 200

    let context: ServiceContext
    let patients: PatientRecords

    /// One run. A failure for one tenant does not affect the others; the next run tries again.
    func run() async throws {
        guard context.platform.presence.isSurveyor else { return }
        try await context.platform.directory.onEachServer { round in
            try await round.eachTenant { try await renew(in: $0.inBackground) }
        }
    }

    private func renew(in tenant: TenantStore) async throws {
        let slug = tenant.tenant.slug
        while true {
            let older = try await tenant.data.ask(patients.ofOlderRule(limit: Self.patientsAtOnce, in: slug))
            guard !older.isEmpty else { return }
            try await tenant.data.batch(older.compactMap { patients.renewIndexes(of: $0, in: slug) })
        }
    }
}
