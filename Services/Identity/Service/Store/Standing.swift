import EventLoop
import GuichetProtocol
import Postgres
import Primitives

/// Whether the rights that a token states still exist: its session is open, the account is active, and its role is still
/// that of the token.
enum Standing {
    static func holds(
        _ user: UserID, _ role: Role, session: SessionID, at now: Instant
    ) -> Query<Bool> {
        Query(
            """
            SELECT FROM sessions JOIN users ON users.id = user_id
            WHERE sessions.id = \(session) AND user_id = \(user) AND is_active AND role = \(role)
                AND ended_at IS NULL AND expires_at > \(now)
            """
        ) { !$0.isEmpty }
    }

    /// Locks the account, so that its rights cannot change until the transaction ends. Asked before
    /// ``holds(_:_:session:at:)``, which as a statement of its own sees what earlier holders of the lock have committed.
    static func lock(_ user: UserID) -> Query<Void> {
        .run("SELECT FROM users WHERE id = \(user) FOR NO KEY UPDATE")
    }
}

extension Realm {
    /// Taken before rows of several accounts are locked: transactions that change other accounts run one after the other.
    static let lockAccounts: SQL =
        "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' accounts', 0))"
}
