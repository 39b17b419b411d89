import Authentication
import EventLoop
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Whether the rights that a token states still exist in the database. Asked before the handler of every route that needs
/// a token; changes confirm it once more in their transaction (``Realm/change(by:othersChange:at:_:)``).
@EventLoop
struct CheckStanding {
    let context: ServiceContext

    func callAsFunction(_ principal: Principal) async throws -> Bool {
        let store = try await context.store(for: principal.tenant).data
        return try await store.ask(
            Standing.holds(principal.userID, principal.rights, session: principal.sessionID, at: context.now))
    }
}
