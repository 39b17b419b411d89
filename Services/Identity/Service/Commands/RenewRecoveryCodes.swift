import Authentication
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Replaces the caller's recovery codes, for users who have used most of them or never had any.
@EventLoop
struct RenewRecoveryCodes {
    let context: ServiceContext
    let hasher: PasswordHasher

    /// - Parameter code: of the application, or an unused recovery code.
    func callAsFunction(password: String, code: String, by caller: Caller) async throws -> RecoveryCodesView {
        let realm = try await Realm(of: caller.tenant, context)
        let account = try await realm.activeAccount(of: caller)
        let index = realm.vault.index(of: account.email)
        try await realm.countAttempt(on: index, at: context.now)
        do {
            guard try await hasher.matches(password, account.passwordHash) else {
                throw IdentityError.invalidCredentials
            }
            // Recovery codes replace codes of an application: without one they have no use.
            guard let factor = account.secondFactor else { throw IdentityError.secondFactorInvalid }
            try await realm.redeem(code, factor, of: account.id, at: context.now)
        } catch let error as IdentityError {
            try await realm.data.query(
                Audit.record(.recoveryCodesRenew, .refused, by: caller.actor, on: caller.user, at: context.now))
            throw error
        }
        let (codes, now) = (RecoveryCode.set(), context.now)
        try await realm.change(by: caller, at: now) { transaction in
            try await transaction.batch(
                SecondFactors.bind(codes, to: account.id, realm.vault) + [
                    LoginAttempts.clear(index),
                    Audit.record(.recoveryCodesRenew, by: caller.actor, on: caller.user, at: now),
                ])
        }
        return RecoveryCodesView(recoveryCodes: codes.map(\.description))
    }
}
