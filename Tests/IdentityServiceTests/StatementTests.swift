import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import IdentityService

@Suite("The statements of Identity")
struct StatementTests {
    @Test("are all understood by PostgreSQL, in the schemas that the migrations make")
    func plans() async throws {
        try await RunningIdentity.serving { identity in
            _ = try await identity.bootstrap()
            let (draft, keyRing) = (try Sample.root(), identity.host.platform.keyRing)
            let realm = try await Realm(of: .platform, identity.service.context)
            let index = realm.vault.index(of: draft.email)
            let account = try #require(try await realm.data.ask(realm.account(withIndex: index)))
            let user = NewUser(draft, id: .new(), passwordHash: "", realm.vault)
            for statement in IdentityQueries.tenant(realm, account, user) + IdentityQueries.serviceAccounts {
                try await realm.data.query("EXPLAIN \(statement)")
            }
            for statement in IdentityQueries.registry(keyRing, user) {
                try await identity.directory.registry.query("EXPLAIN \(statement)")
            }
        }
    }
}
