import Cryptography
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import Tenancy

/// Opens a session for an address and a password, and a code where the role or the user asks for one.
@EventLoop
struct LogIn {
    /// What somebody claims.
    struct Claim: Sendable {
        let tenant: TenantSlug
        let email: EmailAddress
        let password: String
        /// A code of the authenticator application, or a recovery code.
        let code: String?
    }

    enum Outcome: Sendable {
        case granted(SessionGrant)
        /// The role needs a second factor, and there is none yet.
        case enrolmentRequired(EnrolmentTicket)
    }

    let context: Dependencies
    let sessions: Sessions
    let hasher: PasswordHasher

    func callAsFunction(_ claim: Claim, by actor: Actor) async throws -> Outcome {
        guard let realm = try await Realm.named(claim.tenant, context) else {
            _ = try await hasher.matches(claim.password, nil)
            throw IdentityError.invalidCredentials
        }
        let index = realm.vault.index(of: claim.email)
        try await realm.countAttempt(on: index, at: context.now())
        let account = try await realm.account(withIndex: index).flatMap { $0.isActive ? $0 : nil }
        do {
            let matches = try await hasher.matches(claim.password, account?.passwordHash)
            guard matches, let account else { throw IdentityError.invalidCredentials }
            if let factor = account.secondFactor {
                try await realm.redeem(claim.code, factor, of: account.id, at: context.now())
            } else if account.role.needsSecondFactor {
                return .enrolmentRequired(try await EnrolmentTicket.issue(to: account, in: realm, at: context.now()))
            }
            return .granted(try await sessions.open(for: account, in: realm, .login, by: actor))
        } catch let error as IdentityError {
            let actor = account.map { actor.identified(as: $0.id) } ?? actor
            try await realm.data.query(Audit.record(.login, .refused, by: actor, at: context.now()))
            throw error
        }
    }
}

extension Realm {
    /// Uses up a code of the application or a recovery code; throws when there is none that counts.
    func redeem(_ code: String?, _ factor: Account.SecondFactor, of user: UserID, at now: Instant) async throws {
        guard let code else { throw IdentityError.secondFactorRequired }
        let isRedeemed: Bool
        if let recovery = RecoveryCode(code) {
            isRedeemed = try await redeem(recovery, of: user, at: now)
        } else {
            let step = TOTP(secret: factor.secret).matchingStep(of: code, at: now, after: factor.lastStep)
            guard let step else { throw IdentityError.secondFactorInvalid }
            isRedeemed = try await redeem(step: step, of: user)
        }
        guard isRedeemed else { throw IdentityError.secondFactorInvalid }
    }

    /// Uses up a step of the application; false when it, or a later one, was used before.
    private func redeem(step: Int64, of user: UserID) async throws -> Bool {
        try await !data.query(
            """
            UPDATE users SET totp_last_step = \(step) WHERE id = \(user) AND totp_last_step < \(step) RETURNING id
            """
        ).isEmpty
    }

    /// Uses up a recovery code; false when there is no such code or it was used before.
    private func redeem(_ code: RecoveryCode, of user: UserID, at now: Instant) async throws -> Bool {
        let digest = vault.digest(ofRecoveryCode: code, of: user)
        return try await !data.query(
            """
            UPDATE recovery_codes SET used_at = \(now)
            WHERE user_id = \(user) AND digest = \(digest) AND used_at IS NULL RETURNING user_id
            """
        ).isEmpty
    }
}
