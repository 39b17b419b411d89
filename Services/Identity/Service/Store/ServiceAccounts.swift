import Authentication
import GuichetProtocol
import IdentityDomain
import Messaging
import Postgres
import Primitives
import Tenancy

/// Statements on service accounts and their secrets.
enum ServiceAccounts {
    fileprivate static let columns: SQL = """
        service_accounts.id, name, scopes, is_active, service_accounts.expires_at, version,
        \(SQL.generation) AS generation, service_accounts.created_at, updated_at
        """

    /// Taken before ``count`` is asked, so that accounts which are created at once are all counted.
    static let lock: SQL =
        "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' service accounts', 0))"

    static let count: Query<Int> = .one("SELECT count(*) AS count FROM service_accounts") { try $0.get("count") }

    /// Inserts an account; conflicts with `service_account_name_is_free`.
    static func insert(_ draft: ServiceAccountDraft, id: UserID, at now: Instant) -> SQL {
        """
        INSERT INTO service_accounts (id, name, scopes, expires_at, created_at, updated_at)
        VALUES (\(id), \(draft.name.description), \(draft.scopes.words)::text[], \(draft.expiresAt)::timestamptz, \(now),
            \(now))
        """
    }

    /// The account with this id; nil if there is none.
    static func account(_ id: UserID) -> Query<ServiceAccount?> {
        .first("SELECT \(columns) FROM service_accounts WHERE id = \(id)", ServiceAccount.init)
    }

    /// Reads the account and locks its row until the transaction ends.
    static func locked(_ id: UserID) -> Query<ServiceAccount?> {
        .first("SELECT \(columns) FROM service_accounts WHERE id = \(id) FOR UPDATE", ServiceAccount.init)
    }

    /// Keeps changes of the account away until the transaction ends, but not other grants. Asked before
    /// ``ServiceAccountSecrets/present(_:of:)``, which as a statement of its own sees what earlier changes have committed.
    static func lockForGrant(_ id: UserID) -> Query<Void> {
        .run("SELECT FROM service_accounts WHERE id = \(id) FOR SHARE")
    }

    /// At most `limit` accounts in the order of their creation, after `id`.
    static func page(after id: UserID?, limit: Int) -> Query<[ServiceAccount]> {
        .all(
            """
            SELECT \(columns) FROM service_accounts WHERE \(id)::uuid IS NULL OR id > \(id) ORDER BY id LIMIT \(limit)
            """, ServiceAccount.init)
    }

    /// Changes the properties that are given; conflicts with `service_account_name_is_free`.
    static func change(_ id: UserID, _ changes: ServiceAccountChanges, at now: Instant) -> SQL {
        """
        UPDATE service_accounts SET name = coalesce(\(changes.name?.description), name),
            scopes = coalesce(\(changes.scopes?.words)::text[], scopes),
            is_active = coalesce(\(changes.isActive)::boolean, is_active),
            expires_at = \(changes.expiry.sql), version = version + 1, updated_at = \(now)
        WHERE id = \(id)
        """
    }

    /// Removes the account with its secrets.
    static func remove(_ id: UserID) -> SQL { "DELETE FROM service_accounts WHERE id = \(id)" }
}

/// Statements on the secrets of service accounts.
enum ServiceAccountSecrets {
    static func insert(
        _ secret: OpaqueToken, id: SecretID, of account: UserID, until end: Instant?, at now: Instant
    ) -> SQL {
        """
        INSERT INTO service_account_secrets (id, account, digest, expires_at, created_at)
        VALUES (\(id), \(account), \(secret.digest), \(end)::timestamptz, \(now))
        """
    }

    /// Removes the secrets of an account that have expired, whose tokens have expired with them.
    static func removeExpired(of account: UserID, at now: Instant) -> SQL {
        "DELETE FROM service_account_secrets WHERE account = \(account) AND expires_at <= \(now)"
    }

    /// The secrets of these accounts, the oldest first.
    static func all(of accounts: [UserID]) -> Query<[ServiceAccount.Secret]> {
        .all(
            """
            SELECT id, account, created_at, expires_at, last_used_at FROM service_account_secrets
            WHERE account = ANY (\(accounts)::uuid[]) ORDER BY id
            """
        ) { row in
            ServiceAccount.Secret(
                id: try row.get("id"), account: try row.get("account"), createdAt: try row.get("created_at"),
                expiresAt: try row.find("expires_at"), lastUsedAt: try row.find("last_used_at"))
        }
    }

    /// A secret that a client showed, and the session of its tokens.
    struct Presented: Sendable {
        let account: ServiceAccount
        let secret: SecretID
        let session: SessionID
        /// When the secret expires; nil if it does not.
        let expiresAt: Instant?
    }

    /// What this secret belongs to if it is one of that account; nil otherwise.
    static func present(_ secret: OpaqueToken, of account: UserID) -> Query<Presented?> {
        .first(
            """
            SELECT secrets.id AS secret, session, secrets.expires_at AS secret_expires_at, \(ServiceAccounts.columns)
            FROM service_account_secrets AS secrets JOIN service_accounts ON service_accounts.id = account
            WHERE digest = \(secret.digest) AND account = \(account)
            """
        ) { row in
            Presented(
                account: try ServiceAccount(row), secret: try row.get("secret"), session: try row.get("session"),
                expiresAt: try row.find("secret_expires_at"))
        }
    }

    static func use(_ id: SecretID, at now: Instant) -> SQL {
        "UPDATE service_account_secrets SET last_used_at = \(now) WHERE id = \(id)"
    }

    /// The sessions of an account's tokens, or of those of one secret.
    static func sessions(of account: UserID, _ secret: SecretID? = nil) -> Query<[Sessions.Ended]> {
        .all(
            """
            SELECT session AS id, account AS user_id FROM service_account_secrets
            WHERE account = \(account) AND (\(secret)::uuid IS NULL OR id = \(secret))
            """, Sessions.Ended.init)
    }

    /// Gives later tokens of the account other sessions than those of ``sessions(of:_:)``.
    static func renewSessions(of account: UserID) -> SQL {
        "UPDATE service_account_secrets SET session = gen_random_uuid() WHERE account = \(account)"
    }

    /// Gives later tokens of all accounts of the tenant other sessions; returns those that may have a token that is valid.
    static func endSessions(at now: Instant) -> Query<[Sessions.Ended]> {
        .all(
            """
            UPDATE service_account_secrets AS secrets SET session = gen_random_uuid()
            FROM (SELECT id, session FROM service_account_secrets
                WHERE last_used_at > \(now - EndedSession.refusal) FOR UPDATE) AS former
            WHERE secrets.id = former.id RETURNING former.session AS id, account AS user_id
            """, Sessions.Ended.init)
    }

    static func remove(_ id: SecretID, of account: UserID) -> SQL {
        "DELETE FROM service_account_secrets WHERE id = \(id) AND account = \(account)"
    }
}

extension ServiceAccount {
    /// Throws ``CorruptRow`` for a row that this service did not write. Ignores scopes that this release does not know.
    fileprivate init(_ row: Row) throws {
        let words: [String] = try row.get("scopes")
        self.init(
            id: try row.get("id"), name: DisplayName(stored: try row.get("name")),
            scopes: Set(words.compactMap(Scope.init)), isActive: try row.get("is_active"),
            expiresAt: try row.find("expires_at"), version: try row.version(), createdAt: try row.get("created_at"),
            updatedAt: try row.get("updated_at"))
    }
}

extension ServiceAccountChanges.Expiry {
    fileprivate var sql: SQL {
        switch self {
        case .kept: "expires_at"
        case .never: "NULL"
        case .at(let instant): "\(instant)"
        }
    }
}

extension Set<Scope> {
    /// As the database keeps them.
    var words: [String] { map(\.rawValue).sorted() }
}
