import Cryptography
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import Tenancy

extension Realm {
    /// Uses up a code of the application or a recovery code. Throws ``IdentityError/secondFactorRequired`` without a
    /// code, ``IdentityError/secondFactorInvalid`` if it is wrong or was used before.
    func redeem(_ code: String?, _ factor: Account.SecondFactor, of user: UserID, at now: Instant) async throws {
        guard let code else { throw IdentityError.secondFactorRequired }
        let isRedeemed: Bool
        if let recovery = RecoveryCode(code) {
            isRedeemed = try await data.ask(SecondFactors.use(recovery, of: user, vault, at: now))
        } else {
            let step = TOTP(secret: factor.secret).matchingStep(of: code, at: now, after: factor.lastStep)
            guard let step else { throw IdentityError.secondFactorInvalid }
            isRedeemed = try await data.ask(SecondFactors.use(step: step, of: user))
        }
        guard isRedeemed else { throw IdentityError.secondFactorInvalid }
    }
}
