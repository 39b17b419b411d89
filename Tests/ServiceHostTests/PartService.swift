import EventLoop
import GuichetProtocol
import HTTPServer
import Messaging
import Postgres
import Primitives
import Runtime
import ServiceHost
import Tenancy

/// A service with two long-lived parts and limits of its own.
final class PartService: GuichetService {
    static let name: TenantSlug = "parted"
    static let registryMigrations: [MigrationSet] = []
    static let tenantMigrations: [MigrationSet] = []
    static let commands: [OperatorCommand<PartService>] = []

    let diary = Diary()
    private let directory: TenantDirectory

    init(_ platform: Platform, _ reader: inout ConfigurationReader) { directory = platform.directory }

    var parts: [any Service] {
        [
            RecordedPart(name: "first", diary: diary, directory: directory),
            RecordedPart(name: "second", diary: diary, directory: directory),
        ]
    }

    var limits: HTTPLimits {
        var limits = HTTPLimits.standard
        limits.headerFields = 20
        return limits
    }

    var routes: [Route] {
        [
            Route("readParted", .get, "/api/parted", "Answers when the drain has begun.", access: .anyone) {
                (_: Call, _: NoQuery, _: NoBody) in
                self.diary.write("request")
                await self.diary.mayAnswer.wait()
                self.diary.write("answer")
                return Reply(["answer": "yes"])
            }
        ]
    }

    var subscriptions: [Subscription] { [] }
    var jobs: [PeriodicJob] { [] }

    static func problem(_ error: any Error) -> Problem? { nil }
}

/// What happened, in order.
@EventLoop
final class Diary {
    private(set) var lines: [String] = []
    let mayAnswer = GracefulShutdown()

    nonisolated init() {}

    func write(_ line: String) { lines.append(line) }
}

/// Records its start and its end; proves that the database answers at both.
private struct RecordedPart: Service {
    let name: String
    let diary: Diary
    let directory: TenantDirectory

    @EventLoop func run() async throws {
        try await directory.registry.query("SELECT 1")
        diary.write("\(name) starts")
        signalReady()
        await GracefulShutdown.current.wait()
        try await directory.registry.query("SELECT 1")
        diary.write("\(name) ends")
    }
}
