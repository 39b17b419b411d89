import Authentication
import EventLoop
import GuichetProtocol
import Idempotency
import IdentityDomain
import Messaging
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
        let announcement = try Outbox.record(
            UserErased(user: id), of: "\(id)", version: 1, tenant: realm.tenant, at: now)
        try await realm.data.transaction { transaction in
            let account = try await realm.lock(id, in: transaction)
            try await transaction.batch(
                [
                    realm.replaceIdentity(of: id, address, name, passwordHash: hasher.unmatchable, at: now),
                    EnrolmentTickets.remove(of: id),
                    Sessions.remove(of: id),
                    ErasedAccounts.record(id, at: now),
                    // An account that is erased again was announced before.
                    "\(announcement) ON CONFLICT ON CONSTRAINT outbox_one_event_per_version DO NOTHING",
                    IdempotencyRecord.removeAll(about: id),
                    KnownNetworks.remove(of: id),
                    Audit.record(.userErase, by: caller.actor, on: id, at: now),
                ] + LoginAttempts.clear(realm.vault.index(of: account.email)))
        }
        context.eventsCommitted(in: realm.data)
    }
}
