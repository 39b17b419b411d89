package import EventLoop
package import Postgres

/// The schemas of a service on one database server: those of its ready tenants, and on the home server its own.
///
/// What a service looks for again and again must not cost a statement a tenant. Instead a migration puts a function into
/// each schema that takes the names of schemas and answers a row, with a column `schema`, for those where there is
/// something to do; the function is called in one of them. `waiting_outboxes` is one.
@EventLoop
package struct ServerRound {
    /// The name of the server.
    package let server: String
    /// The tenants that are ready there. Those whose schema is at the present come first.
    package let tenants: [TenantStore]
    /// The service's own schema, on the home server only.
    package let registry: SchemaStore?

    /// All the schemas there, the service's own first.
    package var schemas: [SchemaStore] { (registry.map { [$0] } ?? []) + tenants.map(\.data) }

    /// Runs one statement about many schemas, in the first of them and in the background; returns its rows by schema.
    ///
    /// - Parameter statement: gets the names of the schemas; it answers at most one row for each.
    package func survey(
        _ schemas: [SchemaStore], _ statement: (_ names: [String]) -> SQL
    ) async throws -> [Schema: Row] {
        guard let first = schemas.first else { return [:] }
        let byName = Dictionary(uniqueKeysWithValues: schemas.map { ($0.schema.description, $0.schema) })
        let rows = try await first.inBackground.query(statement(schemas.map(\.schema.description)))
        return try Dictionary(
            rows.compactMap { row in byName[try row.get("schema")].map { ($0, row) } }, uniquingKeysWith: { $1 })
    }

    /// Runs `body` in one schema after the other. Throws ``RoundFaults`` at the end: one tenant's trouble is no other's,
    /// but a server that is away is not called again for each of them.
    package func each(of schemas: [SchemaStore], _ body: (SchemaStore) async throws -> Void) async throws {
        try await each(of: schemas, at: { $0 }, body)
    }

    /// The same for each tenant that is ready there.
    package func eachTenant(_ body: (TenantStore) async throws -> Void) async throws {
        try await each(of: tenants, at: { $0.data }, body)
    }

    private func each<Store>(
        of stores: [Store], at schema: (Store) -> SchemaStore, _ body: (Store) async throws -> Void
    ) async throws {
        var faults = RoundFaults()
        for store in stores {
            do {
                try await body(store)
            } catch {
                faults.add(error, of: schema(store).schema.description)
                if (error as? PostgresError)?.code == .unavailable { break }
            }
        }
        try faults.check()
    }
}

/// What went wrong in a round, by server or schema. All the others were served.
package struct RoundFaults: Error, CustomDebugStringConvertible {
    private var faults: [String] = []

    /// One line for the log, with the server's words.
    package var debugDescription: String { faults.joined(separator: "; ") }

    mutating func add(_ error: any Error, of name: String) { faults.append("\(name): \(String(reflecting: error))") }

    func check() throws(RoundFaults) {
        if !faults.isEmpty { throw self }
    }
}

extension TenantDirectory {
    /// Runs `body` for each database server that holds schemas of this service, for all at once: one that cannot be
    /// reached keeps no other waiting. Throws ``RoundFaults`` when all have ended.
    package func onEachServer(_ body: @escaping @EventLoop (ServerRound) async throws -> Void) async throws {
        let tasks = rounds.map { round in (round, EventLoop.start { try await body(round) }) }
        var faults = RoundFaults()
        for (round, task) in tasks {
            do { try await task.value } catch { faults.add(error, of: round.server) }
        }
        try faults.check()
    }
}
