import Authentication
import EventLoop
import GuichetProtocol
import Idempotency
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Changes the caller's own password; their other sessions end, as they may be an attacker's.
@EventLoop
struct ChangePassword {
    let context: ServiceContext
    let hasher: PasswordHasher

    func callAsFunction(from current: String, to new: String, by caller: Caller) async throws {
        let realm = try await Realm(of: caller.tenant, context)
        let account = try await realm.activeAccount(of: caller)
        // An unattended terminal must not serve to guess the password.
        let index = realm.vault.index(of: account.email)
        try await realm.countAttempt(on: index, at: context.now)
        guard try await hasher.matches(current, account.passwordHash) else {
            try await realm.data.query(
                Audit.record(.passwordChange, .refused, by: caller.actor, on: caller.user, at: context.now))
            throw IdentityError.invalidCredentials
        }
        let (hash, now) = (try await hasher.hash(new, of: account.email), context.now)
        try await realm.change(by: caller, at: now) { transaction in
            let present = try await realm.lock(caller.user, in: transaction)
            try Precondition.version(account.version).check(present.version)
            let ended = try await transaction.ask(Sessions.endAll(of: caller.user, except: caller.session, at: now))
            try await transaction.batch(
                Sessions.announce(ended, of: realm.tenant, at: now) + [
                    realm.setPassword(hash, of: caller.user, at: now),
                    LoginAttempts.clear(index),
                    Audit.record(.passwordChange, by: caller.actor, on: caller.user, at: now),
                ])
        }
        context.eventsCommitted(in: realm.data)
    }
}

extension Realm {
    /// The caller's own account. Throws ``IdentityError/sessionEnded`` if it was deactivated.
    func activeAccount(of caller: Caller) async throws -> Account {
        guard let account = try await data.ask(account(caller.user)), account.isActive else {
            throw IdentityError.sessionEnded
        }
        return account
    }
}
