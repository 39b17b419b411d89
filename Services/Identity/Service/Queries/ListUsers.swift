import Authentication
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Lists the users of the caller's tenant; the audit line is written in the same transaction.
@EventLoop
struct ListUsers {
    let context: ServiceContext

    /// At most `limit` users in the order of their creation, after `id`.
    func callAsFunction(after id: UserID?, limit: Int, by caller: Caller) async throws -> [UserView] {
        let realm = try await Realm(of: caller.tenant, context)
        let line = Query.run(Audit.record(.usersRead, by: caller.actor, at: context.now))
        return try await realm.data.ask(realm.accounts(after: id, limit: limit), line).0.map(UserView.init)
    }
}
