import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import ServiceTesting
import Tenancy
import Testing

@Suite("A request whose twin is still running")
struct RunningTwinTests {
    /// A request, and the lock for which the first one waits once it has claimed its key.
    struct Case: Sendable, CustomTestStringConvertible {
        let path: String
        let body: @Sendable (ClinicFixture) -> String
        let lock: SQL
        var testDescription: String { path }
    }

    // One claims its key in the same round trip as it writes, the other in a transaction of several.
    static let cases = [
        Case(
            path: "/api/appointments/create", body: { $0.booking($0.instant(9)) },
            lock: "LOCK TABLE appointments IN EXCLUSIVE MODE"),
        Case(
            path: "/api/patients", body: { _ in #"{"name": "Yasmine B.", "phone": "+213551234567", "consents": []}"# },
            lock: "LOCK TABLE patients IN EXCLUSIVE MODE"),
    ]

    @Test("is refused until the twin has ended, and then gets its answer", arguments: cases)
    func twin(_ example: Case) async throws {
        try await ClinicFixture.with { clinic in
            let user = UserID.new()
            let tasks = try await clinic.data.transaction { transaction in
                try await transaction.query(example.lock)
                let tasks = [Task { @EventLoop in try await Self.send(example, user, clinic) }]
                try await clinic.service.wait { _ in try await Self.isLockAwaited(clinic) }
                let second = try await Self.send(example, user, clinic)
                #expect(second.status == 409, "\(second.text)")
                #expect(second.problem == "idempotency-key-in-use")
                #expect(second.headers["retry-after"] == "1")
                return tasks
            }
            for task in tasks {
                let first = try await task.value
                #expect(first.status == 201, "\(first.text)")
                #expect(try await Self.send(example, user, clinic).text == first.text)
            }
        }
    }

    @EventLoop private static func send(
        _ example: Case, _ user: UserID, _ clinic: ClinicFixture
    ) async throws -> TestAnswer {
        try await clinic.ask("POST", example.path, as: .staff, user: user, key: "the-key", example.body(clinic))
    }

    @EventLoop private static func isLockAwaited(_ clinic: ClinicFixture) async throws -> Bool {
        let waiting = try await clinic.data.query(
            """
            SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = database
            WHERE datname = current_database() AND locktype = 'relation' AND NOT granted
            """)
        return !waiting.isEmpty
    }
}
