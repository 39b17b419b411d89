package import EventLoop
import Postgres
import Primitives
import Tenancy

/// How many processes of this service serve at the moment. What a tenant is allowed as a whole is shared out among them,
/// as the gateway shares out the requests.
@EventLoop
package final class Presence {
    /// At least one, this one.
    package private(set) var processes = 1
    private let id = Identifier<Presence>.new()
    private let registry: SchemaStore

    init(_ registry: SchemaStore) { self.registry = registry }

    /// Says that this process is there, and counts the others.
    func report() async throws {
        let rows = try await registry.batch([
            "INSERT INTO processes (id) VALUES (\(id)) ON CONFLICT (id) DO UPDATE SET seen_at = now()",
            "DELETE FROM processes WHERE seen_at < now() - interval '1 hour'",
            "SELECT count(*) AS alive FROM processes WHERE seen_at > now() - interval '10 s'",
        ])
        processes = max(1, try rows[2][0].get("alive"))
    }

    /// Says that it is no longer there.
    func leave() async throws { try await registry.query("DELETE FROM processes WHERE id = \(id)") }
}
