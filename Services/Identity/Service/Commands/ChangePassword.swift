import Authentication
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import Tenancy

/// Lets a user choose another password; his other sessions end, as somebody else may have opened them.
@EventLoop
struct ChangePassword {
    let context: Dependencies
    let hasher: PasswordHasher

    func callAsFunction(from current: String, to new: String, by caller: Caller) async throws {
        let realm = try await Realm(of: caller.tenant, context)
        guard let account = try await realm.account(caller.user), account.isActive else {
            throw IdentityError.sessionEnded
        }
        // Whoever has found a terminal unlocked must not guess the password there either.
        let index = realm.vault.index(of: account.email)
        try await realm.countAttempt(on: index, at: context.now())
        guard try await hasher.matches(current, account.passwordHash) else {
            try await realm.data.query(
                Audit.record(.passwordChange, .refused, by: caller.actor, on: caller.user, at: context.now()))
            throw IdentityError.invalidCredentials
        }
        let (hash, now) = (try await hasher.hash(new, of: account.email), context.now())
        try await realm.data.transaction { transaction in
            guard try await realm.lock(caller.user, in: transaction).version == account.version else {
                throw IdentityError.versionConflict
            }
            try await transaction.batch([
                """
                UPDATE users SET password_hash = \(hash), version = version + 1, updated_at = \(now)
                WHERE id = \(caller.user)
                """,
                "DELETE FROM login_attempts WHERE email_index = \(index)",
                Sessions.endAll(of: caller.user, but: caller.session, at: now),
                Audit.record(.passwordChange, by: caller.actor, on: caller.user, at: now),
            ])
        }
    }
}
