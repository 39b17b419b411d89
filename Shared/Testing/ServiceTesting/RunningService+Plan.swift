package import Postgres
package import Primitives
import ServiceHost
import Tenancy

extension RunningService {
    /// Has PostgreSQL plan statements in the schema of a tenant, without running them. Returns what it refuses: names of
    /// tables or columns that do not exist, types that do not fit.
    package func refusals(of statements: [SQL], in tenant: TenantSlug) async throws -> [String] {
        let store = try await host.platform.directory.store(for: tenant)
        var refusals: [String] = []
        for (number, statement) in statements.enumerated() {
            do {
                try await store.data.query("EXPLAIN \(statement)")
            } catch let error as PostgresError {
                refusals.append("statement \(number): \(String(reflecting: error))")
            }
        }
        return refusals
    }
}
