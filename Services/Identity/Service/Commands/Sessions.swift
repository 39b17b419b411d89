import Authentication
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import Tenancy

/// What a client gets to act for a user.
struct SessionGrant: Sendable {
    let access: TokenSigner.IssuedToken
    let refresh: OpaqueToken
    let account: Account
}

/// Opens, continues and ends sessions.
@EventLoop
struct Sessions {
    let context: Dependencies
    let keys: SigningKeys

    /// Opens a session for an account that has shown all that its role asks for.
    func open(
        for account: Account, in realm: Realm, _ action: AuditedAction, by actor: Actor
    ) async throws -> SessionGrant {
        let now = context.now()
        let (session, refresh) = (SessionID.new(at: now), OpaqueToken(for: realm.tenant))
        let access = try issue(for: account, in: realm, session)
        try await realm.data.transaction { transaction in
            // Between the check and now the user may have been shut out or have another password.
            let unchanged = try await transaction.query(
                """
                SELECT id FROM users
                WHERE id = \(account.id) AND is_active AND version = \(account.version) FOR SHARE
                """)
            guard !unchanged.isEmpty else { throw IdentityError.invalidCredentials }
            try await transaction.batch([
                """
                INSERT INTO sessions (id, user_id, created_at, expires_at)
                VALUES (\(session), \(account.id), \(now), \(now + context.configuration.sessionLifetime))
                """,
                Self.insert(refresh, number: 1, of: session),
                "DELETE FROM login_attempts WHERE email_index = \(realm.vault.index(of: account.email))",
                Audit.record(action, by: actor.identified(as: account.id, session: session), on: session, at: now),
            ])
        }
        return SessionGrant(access: access, refresh: refresh, account: account)
    }

    /// Exchanges a refresh token for its successor and a new access token. A copy that somebody uses ends the session.
    func refresh(_ text: String, by actor: Actor) async throws -> SessionGrant {
        guard let token = OpaqueToken(text), let realm = try await Realm.named(token.tenant, context) else {
            throw IdentityError.refreshTokenInvalid
        }
        let (now, successor) = (context.now(), token.successor(context.blindIndex))
        let holder: (Account, SessionID)? = try await realm.data.transaction { transaction in
            guard let state = try await Self.lock(token, in: transaction, realm.vault) else { return nil }
            let actor = actor.identified(as: state.account.id, session: state.session)
            func audit(_ action: AuditedAction, _ outcome: Audit.Outcome) -> SQL {
                Audit.record(action, outcome, by: actor, on: state.session, at: now)
            }
            switch state.verdict(at: now) {
            case .rotate:
                try await transaction.batch([
                    "UPDATE refresh_tokens SET used_at = \(now) WHERE digest = \(token.digest)",
                    Self.insert(successor, number: state.number + 1, of: state.session), audit(.refresh, .granted),
                ])
                return (state.account, state.session)
            case .repeatSuccessor:
                try await transaction.query(audit(.refresh, .granted))
                return (state.account, state.session)
            case .reused:
                try await transaction.batch([Self.end(state.session, at: now), audit(.reuse, .refused)])
                return nil
            case .ended:
                try await transaction.query(audit(.refresh, .refused))
                return nil
            }
        }
        guard let (account, session) = holder else { throw IdentityError.refreshTokenInvalid }
        return SessionGrant(
            access: try issue(for: account, in: realm, session), refresh: successor, account: account)
    }

    /// Ends the session of the caller.
    func end(_ session: SessionID, in realm: Realm, by actor: Actor) async throws {
        let now = context.now()
        try await realm.data.batch([
            Self.end(session, at: now), Audit.record(.logout, by: actor, on: session, at: now),
        ])
    }

    private func issue(for account: Account, in realm: Realm, _ session: SessionID) throws -> TokenSigner.IssuedToken {
        try keys.signer().issue(userID: account.id, tenant: realm.tenant, role: account.role, sessionID: session)
    }
}

extension Sessions {
    /// Ends one session.
    nonisolated static func end(_ session: SessionID, at now: Instant) -> SQL {
        "UPDATE sessions SET ended_at = \(now) WHERE id = \(session) AND ended_at IS NULL"
    }

    /// Ends the sessions of a user, all but one if it is given.
    nonisolated static func endAll(of user: UserID, but kept: SessionID? = nil, at now: Instant) -> SQL {
        """
        UPDATE sessions SET ended_at = \(now)
        WHERE user_id = \(user) AND ended_at IS NULL AND id IS DISTINCT FROM \(kept)
        """
    }

    private nonisolated static func insert(_ token: OpaqueToken, number: Int, of session: SessionID) -> SQL {
        """
        INSERT INTO refresh_tokens (digest, session_id, number) VALUES (\(token.digest), \(session), \(number))
        """
    }

    private struct State {
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

    /// Locks the session of a token and then, by a statement of its own that sees what earlier holders of the lock have
    /// written, reads where it stands. Nil when nobody knows the token.
    private static func lock(_ token: OpaqueToken, in transaction: Transaction, _ vault: Vault) async throws -> State? {
        let rows = try await transaction.batch([
            """
            SELECT sessions.id FROM sessions JOIN refresh_tokens ON session_id = sessions.id
            WHERE digest = \(token.digest) FOR UPDATE OF sessions
            """,
            """
            SELECT session_id, number, used_at, CASE WHEN is_active AND ended_at IS NULL THEN expires_at END AS ends_at,
                (SELECT max(number) FROM refresh_tokens WHERE session_id = sessions.id) AS latest, \(Account.columns)
            FROM refresh_tokens JOIN sessions ON sessions.id = session_id JOIN users ON users.id = user_id
            WHERE digest = \(token.digest)
            """,
        ])[1]
        return try rows.first.map { row in
            State(
                session: try row.get("session_id"), account: try Account(row, vault), number: try row.get("number"),
                latest: try row.get("latest"), usedAt: try row.find("used_at"), endsAt: try row.find("ends_at"))
        }
    }
}
