import Authentication
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Reads service accounts of the caller's tenant with their secrets' ids and last use.
@EventLoop
struct ReadServiceAccounts {
    let context: ServiceContext

    /// One account. Throws ``NotFound``, for accounts of other tenants, too.
    func callAsFunction(_ id: UserID, by caller: Caller) async throws -> Versioned<ServiceAccountView> {
        try await one(id, in: try await context.store(for: caller.tenant).data)
    }

    /// At most `limit` accounts in the order of their creation, after `id`.
    func callAsFunction(after id: UserID?, limit: Int, by caller: Caller) async throws -> [ServiceAccountView] {
        let store = try await context.store(for: caller.tenant).data
        let accounts = try await store.ask(ServiceAccounts.page(after: id, limit: limit))
        let secrets = try await store.ask(ServiceAccountSecrets.all(of: accounts.map(\.id)))
        return accounts.map { ServiceAccountView($0, secrets) }
    }

    /// The same for use cases that have changed the account.
    func one(_ id: UserID, in store: SchemaStore) async throws -> Versioned<ServiceAccountView> {
        let (found, secrets) = try await store.ask(ServiceAccounts.account(id), ServiceAccountSecrets.all(of: [id]))
        guard let account = found else { throw NotFound() }
        return Versioned(view: ServiceAccountView(account, secrets), version: account.version)
    }
}
