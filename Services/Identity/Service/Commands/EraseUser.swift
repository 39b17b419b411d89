import Authentication
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import Tenancy

/// Forgets who a user was. The account stays, shut out and under a pseudonym: what he did names its id.
@EventLoop
struct EraseUser {
    let context: Dependencies
    let users: ManageUsers
    let hasher: PasswordHasher

    func callAsFunction(_ id: UserID, by caller: Caller) async throws {
        // Who may be shut out, and by whom, is decided there.
        let shutOut = ManageUsers.Changes(isActive: false, resetsSecondFactor: true)
        _ = try await users.change(id, shutOut, ifVersion: nil, by: caller)
        let (realm, now) = (try await Realm(of: caller.tenant, context), context.now())
        guard let address = EmailAddress("\(id)@erased.invalid"), let name = DisplayName("\(id)".suffix(12).description)
        else { preconditionFailure("a pseudonym is well formed") }
        try await realm.data.transaction { transaction in
            let account = try await realm.lock(id, in: transaction)
            try await transaction.batch([
                """
                UPDATE users SET email = \(realm.vault.seal(address.normalized, .email, of: id)),
                    email_index = \(realm.vault.index(of: address)),
                    name = \(realm.vault.seal(name.description, .name, of: id)), password_hash = \(hasher.nobodys),
                    version = version + 1, updated_at = \(now)
                WHERE id = \(id)
                """,
                "DELETE FROM enrolment_tickets WHERE user_id = \(id)",
                "DELETE FROM login_attempts WHERE email_index = \(realm.vault.index(of: account.email))",
                Audit.record(.userErase, by: caller.actor, on: id, at: now),
            ])
        }
    }
}
