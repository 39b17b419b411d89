package import EventLoop
package import GuichetProtocol
package import Postgres

/// One tenant's data in one service: statements given to it see that tenant's schema and nothing else.
@EventLoop
package struct TenantStore: Sendable {
    package let tenant: TenantProfile
    package let schema: Schema
    private let primary: PostgresClient
    private let replica: PostgresClient?

    init(_ tenant: TenantProfile, _ schema: Schema, _ connections: DatabaseServers.Connections) {
        self.tenant = tenant
        self.schema = schema
        primary = connections.primary
        replica = connections.replica
    }

    /// Runs one statement in a transaction of its own.
    package func query(_ statement: SQL) async throws -> [Row] { try await primary.query(statement, in: schema) }

    /// Runs the statements as one transaction in one round trip; returns the rows of each.
    package func batch(_ statements: [SQL]) async throws -> [[Row]] { try await primary.batch(statements, in: schema) }

    /// Runs `body` in one transaction; see ``PostgresClient/transaction(in:_:)``.
    @discardableResult
    package func transaction<T: Sendable>(_ body: @EventLoop (Transaction) async throws -> T) async throws -> T {
        try await primary.transaction(in: schema, body)
    }

    /// Lends one session; see ``PostgresClient/withSession(_:)``.
    package func withSession<T>(_ body: @EventLoop (Session) async throws -> T) async throws -> T {
        try await primary.withSession(body)
    }

    /// Reads what may be a little old: from the replica when there is one and it answers. Never to decide by.
    package func read(_ statement: SQL) async throws -> [Row] {
        guard let replica else { return try await query(statement) }
        do {
            return try await replica.query(statement, in: schema)
        } catch let error as PostgresError where error.code != .decoding {
            return try await query(statement)
        }
    }
}
