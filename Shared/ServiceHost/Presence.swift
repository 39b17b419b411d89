package import EventLoop
import Postgres
import Primitives
import Tenancy

/// Counts the processes that serve this service now. Each takes an equal share of what a tenant is allowed as a whole,
/// as the gateway spreads the requests evenly.
@EventLoop
package final class Presence {
    /// How often the records of processes that have ended without a word are removed.
    private static let cleaningInterval: Duration = .seconds(600)

    /// The number of processes, this one included: one or more.
    package private(set) var processes = 1
    /// True if another process has stopped reporting a moment ago: it may have left work behind.
    package private(set) var hasSilentPeer = false
    /// Whether no other process has served for longer.
    private var isOldest = true
    /// True in the process that surveys all tenants: the others need not repeat it. For a moment after a process has stopped
    /// reporting it is true in all, because that one may have been the surveyor.
    package var isSurveyor: Bool { isOldest || hasSilentPeer }
    /// The least deviation of a clock that another process has reported. Nil if there is none.
    private(set) var leastClockDeviation: Duration?
    private let id = Identifier<Presence>.new()
    private let registry: SchemaStore
    private var nextCleaning = ContinuousClock.now

    init(_ registry: SchemaStore) { self.registry = registry }

    /// Records that this process is alive, and how far its clock is ahead; counts the others.
    func report(clockDeviation: Duration) async throws {
        let milliseconds = Int(clockDeviation / .milliseconds(1))
        let cleaning: SQL? =
            nextCleaning <= .now ? "DELETE FROM processes WHERE seen_at < now() - interval '1 hour'" : nil
        let statements: [SQL?] = [
            cleaning, SQL.withoutWaitingForDisk,
            """
            INSERT INTO processes (id, clock_deviation) VALUES (\(id), \(milliseconds))
            ON CONFLICT (id) DO UPDATE SET seen_at = now(), clock_deviation = excluded.clock_deviation
            """,
            """
            SELECT count(*) AS alive, coalesce(bool_or(seen_at < now() - interval '1.5 s'), false) AS is_silent,
                min(abs(clock_deviation)) FILTER (WHERE id <> \(id)) AS least_deviation,
                coalesce(bool_or(id < \(id)), false) AS has_older
            FROM processes WHERE seen_at > now() - interval '10 s'
            """,
        ]
        guard let row = try await registry.batch(statements.compactMap { $0 }).last?.first else { return }
        if cleaning != nil { nextCleaning = .now + Self.cleaningInterval }
        processes = max(1, try row.get("alive"))
        hasSilentPeer = try row.get("is_silent")
        isOldest = try !row.get("has_older", as: Bool.self)
        leastClockDeviation = try row.find("least_deviation", as: Int.self).map { .milliseconds($0) }
    }

    /// Records that this process has ended.
    func leave() async throws { try await registry.query("DELETE FROM processes WHERE id = \(id)") }
}
