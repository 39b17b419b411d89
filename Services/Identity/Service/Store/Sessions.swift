import Authentication
import GuichetProtocol
import IdentityDomain
import Messaging
import Postgres
import Primitives

/// Statements on sessions and their refresh tokens.
enum Sessions {
    static func insert(_ session: SessionID, of user: UserID, from now: Instant, until end: Instant) -> SQL {
        """
        INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES (\(session), \(user), \(now), \(end))
        """
    }

    static func insert(_ token: OpaqueToken, number: Int, of session: SessionID) -> SQL {
        """
        INSERT INTO refresh_tokens (digest, session_id, number) VALUES (\(token.digest), \(session), \(number))
        """
    }

    /// Marks a refresh token as exchanged.
    static func use(_ token: OpaqueToken, at now: Instant) -> SQL {
        "UPDATE refresh_tokens SET used_at = \(now) WHERE digest = \(token.digest)"
    }

    /// Ends one session; empty if it had ended before.
    static func end(_ session: SessionID, at now: Instant) -> Query<[Ended]> {
        .all(
            """
            UPDATE sessions SET ended_at = \(now) WHERE id = \(session) AND ended_at IS NULL RETURNING id, user_id
            """, Ended.init)
    }

    /// Ends the sessions of a user, except `kept`.
    static func endAll(of user: UserID, except kept: SessionID? = nil, at now: Instant) -> Query<[Ended]> {
        .all(
            """
            UPDATE sessions SET ended_at = \(now)
            WHERE user_id = \(user) AND ended_at IS NULL AND id IS DISTINCT FROM \(kept) RETURNING id, user_id
            """, Ended.init)
    }

    /// Removes the sessions of a user, which have ended.
    static func remove(of user: UserID) -> SQL { "DELETE FROM sessions WHERE user_id = \(user)" }

    /// Ends all sessions of a tenant; returns those that may have an access token that is valid.
    static func endAll(at now: Instant) -> Query<[Ended]> {
        let recently = now - EndedSession.refusal
        return .all(
            """
            WITH ended AS (
                UPDATE sessions SET ended_at = \(now) WHERE ended_at IS NULL RETURNING id, user_id, created_at
            )
            SELECT id, user_id FROM ended WHERE created_at > \(recently)
                OR EXISTS (SELECT FROM refresh_tokens WHERE session_id = ended.id AND used_at > \(recently))
            """, Ended.init)
    }

    /// A session that was open until now.
    struct Ended: Sendable {
        let id: SessionID
        let user: UserID

        init(_ row: Row) throws { (id, user) = (try row.get("id"), try row.get("user_id")) }
    }

    /// Has every service refuse the tokens of these sessions.
    static func announce(_ sessions: [Ended], of tenant: TenantSlug, at now: Instant) throws -> [SQL] {
        let events = try sessions.map {
            try Outbox.entry(
                SessionEnded(session: $0.id, user: $0.user), of: "\($0.id)", version: 1, tenant: tenant, at: now)
        }
        return events.isEmpty ? [] : [Outbox.record(events)]
    }

    /// Removes the events of a user's sessions that every service has been sent.
    static func removeAnnouncements(of user: UserID) -> SQL {
        """
        DELETE FROM outbox WHERE aggregate LIKE 'session/%' AND published_at IS NOT NULL
            AND position(\(user.description) IN body) > 0
        """
    }

    /// Locks the session of a refresh token until the transaction ends. Asked before ``state(of:_:)``, which as a
    /// statement of its own sees what earlier holders of the lock have committed.
    static func lock(_ token: OpaqueToken) -> Query<Void> {
        Query(
            """
            SELECT sessions.id FROM sessions JOIN refresh_tokens ON session_id = sessions.id
            WHERE digest = \(token.digest) FOR UPDATE OF sessions
            """
        ) { _ in () }
    }

    /// The state of a refresh token and its session; nil if the token is unknown.
    static func state(of token: OpaqueToken, _ vault: Vault) -> Query<State?> {
        .first(
            """
            SELECT session_id, number, used_at, CASE WHEN is_active AND ended_at IS NULL THEN expires_at END AS ends_at,
                (SELECT max(number) FROM refresh_tokens WHERE session_id = sessions.id) AS latest, \(Account.columns)
            FROM refresh_tokens JOIN sessions ON sessions.id = session_id JOIN users ON users.id = user_id
            WHERE digest = \(token.digest)
            """
        ) { row in
            State(
                session: try row.get("session_id"), account: try Account(row, vault), number: try row.get("number"),
                latest: try row.get("latest"), usedAt: try row.find("used_at"), endsAt: try row.find("ends_at"))
        }
    }

    /// What decides about the exchange of a refresh token.
    struct State: Sendable {
        let session: SessionID
        let account: Account
        let number: Int
        let latest: Int
        let usedAt: Instant?
        let endsAt: Instant?

        func verdict(at now: Instant) -> RefreshPolicy.Verdict {
            RefreshPolicy.verdict(on: number, latest: latest, usedAt: usedAt, endsAt: endsAt, at: now)
        }
    }
}
