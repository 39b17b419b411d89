import EventLoop
import Postgres
import ServiceHost
import Tenancy

/// Forgets patients who have not come for as long as their data may be kept, and drops the lines of the audit that are
/// older. Every replica does it; whom another one has forgotten is not forgotten again.
@EventLoop
struct EndRetention {
    private static let linesAtOnce = 10_000

    private let service: BookingService
    private let patientsAtOnce: Int

    /// - Parameter patientsAtOnce: how many a tenant loses in one run, at most.
    init(_ service: BookingService, patientsAtOnce: Int = 100) {
        (self.service, self.patientsAtOnce) = (service, patientsAtOnce)
    }

    /// One run. One tenant's trouble is no other's: it is tried again in the next run.
    func run() async throws {
        try await service.platform.directory.onEachServer { round in
            try await round.eachTenant { try await end(at: service.desk(at: $0.inBackground)) }
        }
    }

    private func end(at desk: Desk) async throws {
        let begin: SQL = "(\(desk.now())::timestamptz - make_interval(years => \(service.retentionYears)::int))"
        let rows = try await desk.store.data.batch([
            PatientRecords.unseen(since: begin, limit: patientsAtOnce),
            AccessAudit.prune(before: begin, limit: Self.linesAtOnce),
        ])
        for row in rows[0] {
            do {
                try await ErasePatient(desk).afterRetention(row.get("id"))
            } catch is PatientHasAppointments {
                continue  // Came back just now.
            }
        }
    }
}
