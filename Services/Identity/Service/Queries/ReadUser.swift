import Authentication
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Reads one user of the caller's tenant; the audit line is written in the same transaction.
@EventLoop
struct ReadUser {
    let context: ServiceContext

    /// Throws ``NotFound``, for users of other tenants, too.
    func callAsFunction(_ id: UserID, by caller: Caller) async throws -> Versioned<UserView> {
        let (realm, now) = (try await Realm(of: caller.tenant, context), context.now)
        let account = try await realm.data.transaction { transaction in
            let account = try await transaction.ask(realm.account(id))
            try await transaction.query(
                Audit.record(.usersRead, account == nil ? .refused : .granted, by: caller.actor, on: id, at: now))
            return account
        }
        guard let account else { throw NotFound() }
        return Versioned(account)
    }
}
