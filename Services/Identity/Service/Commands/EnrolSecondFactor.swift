import Cryptography
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import Tenancy

/// What somebody with the right password is given to bind an authenticator application.
struct EnrolmentTicket: Sendable {
    private static let lifetime: Duration = .seconds(600)

    let token: OpaqueToken
    let expiresAt: Instant
    /// For the application, in Base32.
    let secret: String
    /// The same as an address that applications read as a QR code.
    let uri: String

    @EventLoop
    static func issue(to account: Account, in realm: Realm, at now: Instant) async throws -> EnrolmentTicket {
        let (token, secret, expiresAt) = (OpaqueToken(for: realm.tenant), TOTP.newSecret(), now + lifetime)
        let sealed = realm.vault.seal(secret, .totpSecret, of: account.id)
        // A new ticket takes the place of an older one: one secret at a time can become the user's.
        try await realm.data.batch([
            "DELETE FROM enrolment_tickets WHERE user_id = \(account.id)",
            """
            INSERT INTO enrolment_tickets (digest, user_id, totp_secret, expires_at)
            VALUES (\(token.digest), \(account.id), \(sealed), \(expiresAt))
            """,
        ])
        return EnrolmentTicket(
            token: token, expiresAt: expiresAt, secret: BaseEncoding.base32.encode(secret),
            uri: TOTP(secret: secret).enrolmentURI(
                issuer: "Guichet", account: "\(realm.tenant):\(account.email)"))
    }
}

/// Binds the authenticator application to the account by its first code, and opens the session.
@EventLoop
struct EnrolSecondFactor {
    private static let attemptLimit = 5

    let context: Dependencies
    let sessions: Sessions

    func callAsFunction(
        ticket: String, code: String, by actor: Actor
    ) async throws -> (session: SessionGrant, recoveryCodes: [RecoveryCode]) {
        let now = context.now()
        guard let token = OpaqueToken(ticket), let realm = try await Realm.named(token.tenant, context),
            let (account, secret) = try await present(token, in: realm, at: now)
        else { throw IdentityError.ticketInvalid }
        let actor = actor.identified(as: account.id)
        guard let step = TOTP(secret: secret).matchingStep(of: code, at: now) else {
            try await realm.data.query(Audit.record(.enrolment, .refused, by: actor, at: now))
            throw IdentityError.secondFactorInvalid
        }
        let codes = RecoveryCode.set()
        let enrolled = try await realm.data.transaction { transaction in
            let used = try await transaction.query(
                "DELETE FROM enrolment_tickets WHERE digest = \(token.digest) RETURNING user_id")
            guard !used.isEmpty else { throw IdentityError.ticketInvalid }
            try await transaction.batch(
                Self.bind(secret, lastStep: step, codes, to: account.id, realm.vault)
                    + [Audit.record(.enrolment, by: actor, at: now)])
            return try await realm.lock(account.id, in: transaction)
        }
        return (try await sessions.open(for: enrolled, in: realm, .login, by: actor), codes)
    }

    /// Counts the use of the ticket, and reads whom and what it is for. Nil when it does not count any more.
    private func present(
        _ token: OpaqueToken, in realm: Realm, at now: Instant
    ) async throws -> (Account, secret: [UInt8])? {
        let rows = try await realm.data.query(
            """
            UPDATE enrolment_tickets AS ticket SET attempts = attempts + 1 FROM users
            WHERE digest = \(token.digest) AND users.id = user_id AND users.is_active AND users.totp_secret IS NULL
                AND attempts < \(Self.attemptLimit) AND expires_at > \(now)
            RETURNING ticket.totp_secret AS sealed_secret, \(Account.columns)
            """)
        return try rows.first.map { row in
            let account = try Account(row, realm.vault)
            return (account, try realm.vault.open(row.get("sealed_secret"), .totpSecret, of: account.id))
        }
    }

    /// The statements that make the application and these codes the user's.
    static func bind(
        _ secret: [UInt8], lastStep: Int64, _ codes: [RecoveryCode], to user: UserID, _ vault: Vault
    ) -> [SQL] {
        [
            """
            UPDATE users SET totp_secret = \(vault.seal(secret, .totpSecret, of: user)), totp_last_step = \(lastStep)
            WHERE id = \(user)
            """
        ] + bind(codes, to: user, vault)
    }

    /// The statements that make these codes the user's, and no others.
    static func bind(_ codes: [RecoveryCode], to user: UserID, _ vault: Vault) -> [SQL] {
        ["DELETE FROM recovery_codes WHERE user_id = \(user)"]
            + codes.map { code in
                """
                INSERT INTO recovery_codes (user_id, digest)
                VALUES (\(user), \(vault.digest(ofRecoveryCode: code, of: user)))
                """
            }
    }
}
