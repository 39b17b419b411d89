import Authentication
import EventLoop
import GuichetProtocol
import Postgres
import Primitives

/// Whether the rights that a token states still exist.
enum Standing {
    /// Of a person: the session is open, the account is active, and its role is still that of the token. Of a service
    /// account: the secret is there with the session of the token, the account is active and has all scopes of the token,
    /// and neither has expired.
    static func holds(
        _ subject: UserID, _ rights: Rights, session: SessionID, at now: Instant
    ) -> Query<Bool> {
        switch rights {
        case .role(let role):
            Query(
                """
                SELECT FROM sessions JOIN users ON users.id = user_id
                WHERE sessions.id = \(session) AND user_id = \(subject) AND is_active AND role = \(role)
                    AND ended_at IS NULL AND expires_at > \(now)
                """
            ) { !$0.isEmpty }
        case .scopes(let scopes):
            Query(
                """
                SELECT FROM service_account_secrets AS secrets JOIN service_accounts ON service_accounts.id = account
                WHERE session = \(session) AND account = \(subject) AND is_active AND scopes @> \(scopes.words)::text[]
                    AND least(secrets.expires_at, service_accounts.expires_at, 'infinity') > \(now)
                """
            ) { !$0.isEmpty }
        }
    }

    /// Locks the account, so that its rights cannot change until the transaction ends. Asked before
    /// ``holds(_:_:session:at:)``, which as a statement of its own sees what earlier holders of the lock have committed.
    static func lock(_ subject: UserID, _ rights: Rights) -> Query<Void> {
        switch rights {
        case .role: .run("SELECT FROM users WHERE id = \(subject) FOR NO KEY UPDATE")
        case .scopes: .run("SELECT FROM service_accounts WHERE id = \(subject) FOR NO KEY UPDATE")
        }
    }
}

extension Realm {
    /// Taken before rows of several accounts are locked: transactions that change other accounts run one after the other.
    static let lockAccounts: SQL =
        "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' accounts', 0))"
}
