import Authentication
import EventLoop
import GuichetProtocol
import Idempotency
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Creates a service account in the caller's tenant. It has no secret yet.
@EventLoop
struct CreateServiceAccount {
    let context: ServiceContext

    /// Once per key; returns the account created then or now, as it is now. Throws ``IdentityError``.
    func callAsFunction(
        _ draft: ServiceAccountDraft, by caller: Caller, key: IdempotencyRecord?
    ) async throws -> Versioned<ServiceAccountView> {
        let (realm, now) = (try await Realm(of: caller.tenant, context), context.now)
        let id: UserID = try await IdentityError.nameTaken.replacing(conflictOf: "service_account_name_is_free") {
            try await realm.data.once(key) { transaction in
                try await realm.confirm(caller, in: transaction, at: now)
                let (_, count) = try await transaction.ask(.run(ServiceAccounts.lock), ServiceAccounts.count)
                guard count < ServiceAccount.limit else { throw IdentityError.serviceAccountsExhausted }
                let id = UserID.new(at: now)
                try await transaction.batch([
                    ServiceAccounts.insert(draft, id: id, at: now),
                    Audit.record(.serviceAccountCreate, by: caller.actor, on: id, at: now),
                ])
                return id
            }
        }
        return try await ReadServiceAccounts(context: context).one(id, in: realm.data)
    }
}
