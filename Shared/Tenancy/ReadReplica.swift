import EventLoop
import Postgres

/// A read replica of a server. It may lag behind or be unavailable; without it reads are only slower.
@EventLoop
final class ReadReplica {
    /// How long a replica that did not answer is not used again: every query would wait for it in vain.
    private static let cooldown: Duration = .seconds(10)

    private let client: PostgresClient
    private var skippedUntil = ContinuousClock.now

    init(_ configuration: PostgresConfiguration) {
        var configuration = configuration
        configuration.waitingTime = .milliseconds(500)
        configuration.statementTimeout = .seconds(2)
        client = PostgresClient(configuration)
    }

    var statistics: PostgresClient.Statistics { client.statistics }

    /// Returns the rows, or nil if the primary must be queried.
    func query(_ statement: SQL, in schema: Schema) async throws -> [Row]? {
        guard ContinuousClock.now >= skippedUntil else { return nil }
        do {
            return try await client.query(statement, in: schema)
        } catch let error as PostgresError {
            switch error.code {
            case .unavailable, .unknownOutcome, .timeout, .poolExhausted: skippedUntil = .now + Self.cooldown
            default: break  // a schema that was not replicated yet, or rows that the primary has vacuumed
            }
            return nil
        }
    }

    func close() { client.close() }
}
