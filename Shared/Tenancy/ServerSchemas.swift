package import EventLoop
package import Postgres

/// The schemas of a service on one database server: those of its ready tenants, closed or not, and on the home server its
/// own.
///
/// Periodic checks must not cost one statement per tenant. Instead, a migration adds to each schema a function that
/// takes the names of schemas and returns a row, with a column `schema`, for each one that has work to do; the function
/// is called in one of them. `waiting_outboxes` is an example.
@EventLoop
package struct ServerSchemas {
    /// The name of the server.
    package let server: String
    /// The ready tenants on the server. Those whose schema is up to date come first.
    package let tenants: [TenantStore]
    /// The closed tenants on the server: nothing is done for them, but what they have recorded is sent, and removed in time.
    package let closed: [TenantStore]
    /// The service's own schema, on the home server only.
    package let registry: SchemaStore?

    /// All schemas on the server, the service's own first.
    package var schemas: [SchemaStore] { (registry.map { [$0] } ?? []) + (tenants + closed).map(\.data) }

    /// Runs one statement about many schemas, in the first of them and in the background; returns its rows by schema.
    ///
    /// - Parameter statement: gets the names of the schemas; returns at most one row for each.
    package func queryAll(
        _ schemas: [SchemaStore], _ statement: (_ names: [String]) -> SQL
    ) async throws -> [Schema: Row] {
        guard let first = schemas.first else { return [:] }
        let byName = Dictionary(uniqueKeysWithValues: schemas.map { ($0.schema.description, $0.schema) })
        let rows = try await first.inBackground.query(statement(schemas.map(\.schema.description)))
        return try Dictionary(
            rows.compactMap { row in byName[try row.get("schema")].map { ($0, row) } }, uniquingKeysWith: { $1 })
    }

    /// Runs `body` in one schema after the other. A failure in one schema does not affect the others, and
    /// ``SchemaFaults`` is thrown at the end; but after the server proves unavailable, the remaining schemas are
    /// skipped.
    package func each(of schemas: [SchemaStore], _ body: (SchemaStore) async throws -> Void) async throws {
        try await each(of: schemas, at: { $0 }, body)
    }

    /// The same for each ready tenant on the server that is not closed.
    package func eachTenant(_ body: (TenantStore) async throws -> Void) async throws {
        try await each(of: tenants, body)
    }

    /// The same for each of these tenants.
    package func each(of tenants: [TenantStore], _ body: (TenantStore) async throws -> Void) async throws {
        try await each(of: tenants, at: { $0.data }, body)
    }

    private func each<Store>(
        of stores: [Store], at schema: (Store) -> SchemaStore, _ body: (Store) async throws -> Void
    ) async throws {
        var faults = SchemaFaults()
        for store in stores {
            do {
                try await body(store)
            } catch {
                faults.add(error, of: schema(store).schema.description)
                if (error as? PostgresError)?.isServerOutage == true { break }
            }
        }
        try faults.check()
    }
}

/// The failures of a round, by server or schema. All other schemas were served.
package struct SchemaFaults: Error, CustomDebugStringConvertible {
    private var faults: [String] = []

    /// One line for the log, with the server's messages.
    package var debugDescription: String { faults.joined(separator: "; ") }

    mutating func add(_ error: any Error, of name: String) { faults.append("\(name): \(String(reflecting: error))") }

    func check() throws(SchemaFaults) {
        if !faults.isEmpty { throw self }
    }
}
