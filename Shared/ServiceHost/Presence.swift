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
    /// True if another process has stopped reporting a moment ago: it may have left work behind.
    package private(set) var hasSilentPeer = false
    /// The least deviation of a clock that another process has reported. Nil if there is none.
    private(set) var leastClockDeviation: Duration?
    private let id = Identifier<Presence>.new()
    private let registry: SchemaStore

    init(_ registry: SchemaStore) { self.registry = registry }

    /// Records that this process is alive, and how far its clock is ahead; counts the others.
    func report(clockDeviation: Duration) async throws {
        let milliseconds = Int(clockDeviation / .milliseconds(1))
        let rows = try await registry.batch([
            SQL.withoutWaitingForDisk,
            """
            INSERT INTO processes (id, clock_deviation) VALUES (\(id), \(milliseconds))
            ON CONFLICT (id) DO UPDATE SET seen_at = now(), clock_deviation = excluded.clock_deviation
            """,
            "DELETE FROM processes WHERE seen_at < now() - interval '1 hour'",
            """
            SELECT count(*) AS alive, coalesce(bool_or(seen_at < now() - interval '1.5 s'), false) AS is_silent,
                min(abs(clock_deviation)) FILTER (WHERE id <> \(id)) AS least_deviation
            FROM processes WHERE seen_at > now() - interval '10 s'
            """,
        ])
        processes = max(1, try rows[3][0].get("alive"))
        hasSilentPeer = try rows[3][0].get("is_silent")
        leastClockDeviation = try rows[3][0].find("least_deviation", as: Int.self).map { .milliseconds($0) }
    }

    /// Records that this process has ended.
    func leave() async throws { try await registry.query("DELETE FROM processes WHERE id = \(id)") }
}
