import Authentication
import EventLoop
import GuichetProtocol
import Idempotency
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Creates a user in the caller's tenant.
@EventLoop
struct CreateUser {
    let context: ServiceContext
    let hasher: PasswordHasher

    /// Once per key; returns the user created then or now, as they are now.
    func callAsFunction(
        _ draft: UserDraft, by caller: Caller, key: IdempotencyRecord?
    ) async throws -> Versioned<UserView> {
        let realm = try await Realm(of: caller.tenant, context)
        guard caller.role?.grants.contains(draft.role) == true, draft.role.exists(in: caller.tenant) else {
            throw IdentityError.roleNotGrantable
        }
        let (hash, now) = (try await hasher.hash(draft.password, of: draft.email), context.now)
        let id: UserID = try await IdentityError.emailTaken.replacing(conflictOf: "user_email_is_free") {
            // The id alone is stored under the key: the name is personal data.
            try await realm.data.once(key) { transaction in
                try await realm.confirm(caller, in: transaction, at: now)
                let id = UserID.new(at: now)
                try await transaction.batch([
                    NewUser(draft, id: id, passwordHash: hash, realm.vault).insert(at: now),
                    Audit.record(.userCreate, by: caller.actor, on: id, at: now),
                ])
                return id
            }
        }
        guard let account = try await realm.data.ask(realm.account(id)) else { throw NotFound() }
        return Versioned(account)
    }
}
