import Authentication
import EventLoop
import GuichetProtocol
import Idempotency
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Removes the personal data of a user. The account stays, deactivated and under a pseudonym, as audit lines name its id.
@EventLoop
struct EraseUser {
    let context: ServiceContext
    let changeUser: ChangeUser
    let hasher: PasswordHasher

    func callAsFunction(_ id: UserID, by caller: Caller) async throws {
        // This checks whether the caller may deactivate the user.
        let deactivation = AccountChanges(isActive: false, resetsSecondFactor: true)
        _ = try await changeUser(id, deactivation, if: .anyVersion, by: caller)
        let (realm, now) = (try await Realm(of: caller.tenant, context), context.now)
        guard let address = EmailAddress("\(id)@erased.invalid"), let name = DisplayName("\(id)".suffix(12).description)
        else { preconditionFailure("a pseudonym is well formed") }
        try await realm.data.transaction { transaction in
            let account = try await realm.lock(id, in: transaction)
            try await transaction.batch([
                realm.replaceIdentity(of: id, address, name, passwordHash: hasher.unmatchable, at: now),
                EnrolmentTickets.remove(of: id),
                ForgottenRequests.remove(of: id),
                LoginAttempts.clear(realm.vault.index(of: account.email)),
                Audit.record(.userErase, by: caller.actor, on: id, at: now),
            ])
        }
    }
}
