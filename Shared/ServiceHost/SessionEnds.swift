import Authentication
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Runtime
import Tenancy

/// Has the process refuse the access tokens of ended sessions. One process of the service takes the event and records it; the
/// others read the record.
@EventLoop
final class SessionEnds {
    private let platform: Platform
    /// When the record was read last; nil before the first time.
    private var lastRead: ContinuousClock.Instant?
    /// A row may become visible this long after its `recorded_at`, when its transaction is committed.
    private static let commitAllowance: Duration = .seconds(15)

    init(_ platform: Platform) {
        self.platform = platform
        platform.metrics.gauge("guichet.sessions.refused", "Ended sessions whose tokens this process refuses.")
            .observe { [weak platform] in Double(platform?.tokens.endedCount ?? 0) }
    }

    var subscriptions: [Subscription] {
        [
            .toAll(SessionEnded.self, scope: .service) { [platform] events, context in
                let sessions = events.map { EndedSession($0.data.session, endedAt: $0.time) }
                try await context.transaction.query(Self.record(sessions))
                context.afterCommit { platform.tokens.refuse(sessions) }
            }
        ]
    }

    /// Reads what other processes have recorded since the last time; all that still matters, the first time. In the same
    /// round trip it asks whether a tenant has changed, whose users may be shut out as well, and then reads the tenants.
    func read() async throws {
        let begin = ContinuousClock.now
        let age = lastRead.map { begin - $0 + Self.commitAllowance } ?? EndedSession.refusal
        let (ended, hasChanged) = try await platform.directory.registry.inBackground.ask(
            Self.recorded(within: age), TenantDirectory.hasChangedLately)
        lastRead = begin
        if !ended.isEmpty { platform.tokens.refuse(ended) }
        if hasChanged { try await platform.directory.reload() }
    }

    /// Deletes the records of sessions whose tokens have all expired.
    static let prune: SQL = "DELETE FROM ended_sessions WHERE recorded_at < now() - interval '1 day'"

    private static func record(_ sessions: [EndedSession]) -> SQL {
        """
        INSERT INTO ended_sessions (session_id, until)
        SELECT * FROM unnest(\(sessions.map(\.id))::uuid[], \(sessions.map(\.until))::timestamptz[])
        ON CONFLICT (session_id) DO NOTHING
        """
    }

    private static func recorded(within age: Duration) -> Query<[EndedSession]> {
        .all(
            """
            SELECT session_id, until FROM ended_sessions
            WHERE recorded_at > now() - \(Int(age / .milliseconds(1))) * interval '1 ms'
            """
        ) { EndedSession(try $0.get("session_id"), until: try $0.get("until")) }
    }
}
