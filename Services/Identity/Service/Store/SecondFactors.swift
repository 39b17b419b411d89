import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives

/// Statements on authenticator applications and recovery codes.
enum SecondFactors {
    /// Marks a step as used; false if this or a later one was used before.
    static func use(step: Int64, of user: UserID) -> Query<Bool> {
        Query(
            "UPDATE users SET totp_last_step = \(step) WHERE id = \(user) AND totp_last_step < \(step) RETURNING id"
        ) { !$0.isEmpty }
    }

    /// Marks a recovery code as used; false if there is no such code or it was used before.
    static func use(_ code: RecoveryCode, of user: UserID, _ vault: Vault, at now: Instant) -> Query<Bool> {
        Query(
            """
            UPDATE recovery_codes SET used_at = \(now)
            WHERE user_id = \(user) AND digest = \(vault.digest(ofRecoveryCode: code, of: user)) AND used_at IS NULL
            RETURNING user_id
            """
        ) { !$0.isEmpty }
    }

    /// Sets the application and the recovery codes of a user.
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

    /// Replaces the recovery codes of a user.
    static func bind(_ codes: [RecoveryCode], to user: UserID, _ vault: Vault) -> [SQL] {
        [removeCodes(of: user)]
            + codes.map { code in
                """
                INSERT INTO recovery_codes (user_id, digest)
                VALUES (\(user), \(vault.digest(ofRecoveryCode: code, of: user)))
                """
            }
    }

    /// Removes the application and the recovery codes of a user.
    static func remove(of user: UserID) -> [SQL] {
        ["UPDATE users SET totp_secret = NULL, totp_last_step = NULL WHERE id = \(user)", removeCodes(of: user)]
    }

    private static func removeCodes(of user: UserID) -> SQL { "DELETE FROM recovery_codes WHERE user_id = \(user)" }
}

/// Statements on enrolments of authenticator applications that are not finished.
enum EnrolmentTickets {
    /// Uses of one ticket, successful or not.
    private static let attemptLimit = 5

    /// Replaces the ticket of a user: only one secret at a time can become theirs.
    static func replace(
        _ token: OpaqueToken, _ secret: [UInt8], of user: UserID, _ vault: Vault, until end: Instant
    ) -> [SQL] {
        [
            remove(of: user),
            """
            INSERT INTO enrolment_tickets (digest, user_id, totp_secret, expires_at)
            VALUES (\(token.digest), \(user), \(vault.seal(secret, .totpSecret, of: user)), \(end))
            """,
        ]
    }

    /// Counts a use of the ticket, and reads its account and secret; nil if it is not valid any more.
    static func present(
        _ token: OpaqueToken, _ vault: Vault, at now: Instant
    ) -> Query<(account: Account, secret: [UInt8])?> {
        .first(
            """
            UPDATE enrolment_tickets AS ticket SET attempts = attempts + 1 FROM users
            WHERE digest = \(token.digest) AND users.id = user_id AND users.is_active AND users.totp_secret IS NULL
                AND attempts < \(attemptLimit) AND expires_at > \(now)
            RETURNING ticket.totp_secret AS sealed_secret, \(Account.columns)
            """
        ) { row in
            let account = try Account(row, vault)
            return (account, try vault.open(row.get("sealed_secret"), .totpSecret, of: account.id))
        }
    }

    /// Removes the ticket; false if it was used before.
    static func use(_ token: OpaqueToken) -> Query<Bool> {
        Query("DELETE FROM enrolment_tickets WHERE digest = \(token.digest) RETURNING user_id") { !$0.isEmpty }
    }

    static func remove(of user: UserID) -> SQL { "DELETE FROM enrolment_tickets WHERE user_id = \(user)" }
}
