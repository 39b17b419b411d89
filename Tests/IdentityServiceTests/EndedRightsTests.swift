import Authentication
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

@Suite("Rights that have ended")
struct EndedRightsTests {
    private static let clinic: TenantSlug = "clinique"

    private func withAdmins(
        _ body: @EventLoop (RunningIdentity, _ admin: TokenView, _ ousted: TokenView) async throws -> Void
    ) async throws {
        try await RunningIdentity.serving { identity in
            let admin = try await identity.tenant(Self.clinic, root: identity.rootToken())
            try await body(identity, admin, try await identity.administrator("meriem", by: admin, of: Self.clinic))
        }
    }

    @Test(
        "a deactivated administrator can do nothing with the access token that is left", arguments: ["", "?erase=true"])
    func deactivated(_ query: String) async throws {
        try await withAdmins { identity, admin, ousted in
            let own = "/api/users/\(ousted.user.id)"
            #expect(try await identity.delete(own + query, token: admin.accessToken).status == 204)
            let token = ousted.accessToken
            let answers = [
                try await identity.post("/api/users", Sample.user("new", .admin), token: token, key: "new"),
                try await identity.patch(own, ["active": true], token: token, ifMatch: "*"),
                try await identity.patch(
                    "/api/users/\(admin.user.id)", ["active": false], token: token, ifMatch: "*"),
                try await identity.patch(
                    "/api/users/\(admin.user.id)", ["password": Sample.password], token: token, ifMatch: "*"),
                try await identity.get("/api/auth/me", token: token),
            ]
            #expect(answers.map(\.status) == Array(repeating: 401, count: 5))
            #expect(answers.allSatisfy { $0.headers["www-authenticate"]?.contains("invalid_token") == true })
            #expect(try await identity.get("/api/users", token: admin.accessToken).status == 200)
        }
    }

    @Test("logout, a changed role and a reused refresh token end access at once, and the end is published")
    func published() async throws {
        try await withAdmins { identity, admin, other in
            let staff = try await identity.user("sara", .staff, by: admin, of: Self.clinic)
            let copied = try await identity.user("omar", .staff, by: admin, of: Self.clinic)
            _ = try await identity.call("POST", "/api/auth/logout", token: other.accessToken)
            let change = try await identity.patch(
                "/api/users/\(staff.user.id)", ["role": Role.patient], token: admin.accessToken, ifMatch: "*")
            #expect(change.status == 200)
            _ = try await identity.post("/api/auth/refresh", ["refreshToken": copied.refreshToken])
            identity.clock.advance(by: .seconds(11))
            let reuse = try await identity.post("/api/auth/refresh", ["refreshToken": copied.refreshToken])
            #expect(reuse.problem == "refresh-token-invalid")
            for tokens in [other, staff, copied] {
                #expect(try await identity.get("/api/auth/me", token: tokens.accessToken).status == 401)
            }
            let data = try await identity.directory.store(for: Self.clinic).data
            let events = try await data.query(
                "SELECT count(*) AS n FROM outbox WHERE routing_key LIKE '%.identity.session.ended.v1.%'")
            #expect(try events[0].get("n", as: Int.self) == 3)
            // The host hears of them, as those of the other services do.
            try await identity.wait { $0.tokens.endedCount == 3 }
        }
    }

    @Test("a change whose author loses their rights meanwhile is refused in its transaction")
    func meanwhile() async throws {
        try await withAdmins { identity, admin, ousted in
            let realm = try await Realm(of: Self.clinic, identity.service.context)
            let now = identity.service.context.now
            let principal = try identity.tokens.verify(ousted.accessToken)
            #expect(try await identity.delete("/api/users/\(ousted.user.id)", token: admin.accessToken).status == 204)
            let caller = Caller(principal, network: .console)
            await #expect(throws: IdentityError.sessionEnded) {
                try await realm.change(by: caller, at: now) { _ in }
            }
        }
    }
}
