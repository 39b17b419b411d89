import Authentication
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Reads the caller's own account.
@EventLoop
struct ReadSelf {
    let context: ServiceContext

    /// Throws ``IdentityError/sessionEnded`` if the account was deactivated.
    func callAsFunction(by caller: Caller) async throws -> SelfView {
        let realm = try await Realm(of: caller.tenant, context)
        let account = try await realm.data.ask(realm.account(caller.user)).flatMap { $0.isActive ? $0 : nil }
        try await realm.data.query(
            Audit.record(
                .selfRead, account == nil ? .refused : .granted, by: caller.actor, on: caller.user, at: context.now))
        guard let account else { throw IdentityError.sessionEnded }
        return SelfView(user: UserView(account), tenant: caller.tenant, session: caller.session)
    }
}
