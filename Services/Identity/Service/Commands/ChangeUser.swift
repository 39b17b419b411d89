import Authentication
import EventLoop
import GuichetProtocol
import Idempotency
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Changes or deactivates a user of the caller's tenant.
@EventLoop
struct ChangeUser {
    let context: ServiceContext
    let hasher: PasswordHasher

    /// Throws ``NotFound``, ``Precondition/Fault`` or ``IdentityError``.
    func callAsFunction(
        _ id: UserID, _ changes: AccountChanges, if precondition: Precondition, by caller: Caller
    ) async throws -> Versioned<UserView> {
        guard let role = caller.role else { throw IdentityError.roleNotGrantable }
        let realm = try await Realm(of: caller.tenant, context)
        var hash: String?
        if let password = changes.password {
            guard let account = try await realm.data.ask(realm.account(id)) else { throw NotFound() }
            hash = try await hasher.hash(password, of: account.email)
        }
        let (newHash, now) = (hash, context.now)
        let changed = try await realm.change(by: caller, othersChange: true, at: now) { transaction in
            let account = try await realm.lock(id, in: transaction)
            try precondition.check(account.version)
            try changes.check(account, changedBy: caller.user, role, in: caller.tenant)
            if changes.removesAdministrator(account) {
                guard try await transaction.ask(realm.hasOtherAdministrator(than: account)) else {
                    throw IdentityError.lastAdministrator
                }
            }
            let action: AuditedAction = changes.isActive == false ? .userDisable : .userChange
            var statements = [
                realm.change(account, changes, passwordHash: newHash, at: now),
                Audit.record(action, by: caller.actor, on: id, at: now),
            ]
            if newHash != nil { statements += LoginAttempts.clear(realm.vault.index(of: account.email)) }
            if changes.resetsSecondFactor { statements += SecondFactors.remove(of: id) }
            if changes.endsSessions {
                // A ticket stands for the password that was right until now.
                statements.append(EnrolmentTickets.remove(of: id))
                let ended = try await transaction.ask(Sessions.endAll(of: id, at: now))
                statements += try Sessions.announce(ended, of: realm.tenant, at: now)
            }
            try await transaction.batch(statements)
            return try await realm.lock(id, in: transaction)
        }
        context.eventsCommitted(in: realm.data)
        return Versioned(changed)
    }
}
