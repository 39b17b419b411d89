import Authentication
import EventLoop
import GuichetProtocol
import HTTPServer
import Messaging
import Postgres
import Primitives
import Runtime
import ServiceHost
import Tenancy

/// A service that stores the appointments that it receives, and fails on request.
final class ProbeService: GuichetService {
    static let name: TenantSlug = "probe"
    static let registryMigrations: [MigrationSet] = []
    static let tenantMigrations = [
        MigrationSet(
            "probe",
            [
                Migration(
                    1, "heard",
                    Array(
                        """
                        CREATE TABLE heard (
                            place bigint GENERATED ALWAYS AS IDENTITY, appointment text, version int, event uuid);
                        CREATE TABLE poison (appointment text);
                        """.utf8)
                )
            ])
    ]
    static let commands: [OperatorCommand<ProbeService>] = []

    let context: ServiceContext

    init(_ platform: Platform, _ reader: inout ConfigurationReader) { context = ServiceContext(platform) }

    var routes: [Route] {
        [
            Route("probeStaff", .get, "/api/probe", "Answers staff.", access: .allow(.staff)) {
                (_: Call, _: NoQuery, _: NoBody) in
                Reply(["answer": "yes"])
            },
            Route("storeRow", .post, "/api/probe", "Stores a row.", access: .allow(.staff)) {
                [context] (call: Call, _: NoQuery, _: NoBody) in
                let store = try await context.store(for: call.authenticated().tenant)
                try await store.data.query("INSERT INTO heard (appointment) VALUES ('stored')")
                return Reply(["answer": "stored"])
            },
            Route(
                "pauseProbe", .get, "/api/probe/pause", "Answers after a statement of so many seconds.",
                access: .allow(.staff)
            ) {
                [context] (call: Call, query: PauseQuery, _: NoBody) in
                let store = try await context.store(for: call.authenticated().tenant)
                try await store.data.query("SELECT pg_sleep(\(query.seconds)::int)::text")
                return Reply(["answer": "late"])
            },
        ]
    }

    var subscriptions: [Subscription] {
        [
            .to(AppointmentConfirmed.self, scope: .tenant) { event, context in
                // What is named there divides by zero; without the table every message is poison.
                let id = event.data.appointment.id
                try await context.transaction.query(
                    "SELECT 1 / (count(*) = 0)::int FROM poison WHERE appointment = \(id.description)")
                try await context.transaction.query(
                    """
                    INSERT INTO heard (appointment, version, event)
                    VALUES (\(id.description), \(event.version), \(event.id))
                    """)
            }
        ]
    }

    var jobs: [PeriodicJob] { [] }

    static func problem(_ error: any Error) -> Problem? { nil }
}

struct PauseQuery: Codable, Sendable {
    let seconds: Int
}
