package import EventLoop
import Postgres
import Primitives
import Tenancy

/// Counts the processes that serve this service now. Each takes an equal share of what a tenant is allowed as a whole,
/// as the gateway spreads the requests evenly.
@EventLoop
package final class Presence {
    /// The number of processes, this one included: one or more.
    package private(set) var processes = 1
    private let id = Identifier<Presence>.new()
    private let registry: SchemaStore

    init(_ registry: SchemaStore) { self.registry = registry }

    /// Records that this process is alive, and counts the others.
    func report() async throws {
        let rows = try await registry.batch([
            "INSERT INTO processes (id) VALUES (\(id)) ON CONFLICT (id) DO UPDATE SET seen_at = now()",
            "DELETE FROM processes WHERE seen_at < now() - interval '1 hour'",
            "SELECT count(*) AS alive FROM processes WHERE seen_at > now() - interval '10 s'",
        ])
        processes = max(1, try rows[2][0].get("alive"))
    }

    /// Records that this process has ended.
    func leave() async throws { try await registry.query("DELETE FROM processes WHERE id = \(id)") }
}
