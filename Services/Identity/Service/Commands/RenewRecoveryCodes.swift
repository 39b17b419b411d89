import Authentication
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import Tenancy

/// Gives a user other recovery codes, for one who has used most of them or never had any. Those of before no longer count.
@EventLoop
struct RenewRecoveryCodes {
    let context: Dependencies
    let hasher: PasswordHasher

    /// - Parameter code: of the application, or one of the codes that are left.
    func callAsFunction(password: String, code: String, by caller: Caller) async throws -> [RecoveryCode] {
        let realm = try await Realm(of: caller.tenant, context)
        guard let account = try await realm.account(caller.user), account.isActive else {
            throw IdentityError.sessionEnded
        }
        let index = realm.vault.index(of: account.email)
        try await realm.countAttempt(on: index, at: context.now())
        do {
            guard try await hasher.matches(password, account.passwordHash) else {
                throw IdentityError.invalidCredentials
            }
            // Without an application there is nothing that the codes could stand in for.
            guard let factor = account.secondFactor else { throw IdentityError.secondFactorInvalid }
            try await realm.redeem(code, factor, of: account.id, at: context.now())
        } catch let error as IdentityError {
            try await realm.data.query(
                Audit.record(.recoveryCodesRenew, .refused, by: caller.actor, on: caller.user, at: context.now()))
            throw error
        }
        let codes = RecoveryCode.set()
        try await realm.data.batch(
            EnrolSecondFactor.bind(codes, to: account.id, realm.vault) + [
                "DELETE FROM login_attempts WHERE email_index = \(index)",
                Audit.record(.recoveryCodesRenew, by: caller.actor, on: caller.user, at: context.now()),
            ])
        return codes
    }
}
