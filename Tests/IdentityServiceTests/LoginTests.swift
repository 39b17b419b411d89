import Authentication
import EventLoop
import GuichetProtocol
import IdentityDomain
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import IdentityService

@Suite("Logging in", .serialized)
struct LoginTests {
    private static let clinic: TenantSlug = "clinique"

    private func attempt(
        _ identity: RunningIdentity, _ email: String, password: String = "un-autre-mot-de-passe",
        tenant: TenantSlug = clinic
    ) async throws -> TestAnswer {
        try await identity.post(
            "/api/auth/login", ["tenant": tenant.description, "email": email, "password": password])
    }

    @Test("a user gets tokens that name them, and the service accepts them")
    func tokens() async throws {
        try await RunningIdentity.serving { identity in
            let admin = try await identity.tenant(Self.clinic, root: identity.rootToken())
            let staff = try await identity.user("sara", .staff, by: admin, of: Self.clinic)
            let principal = try identity.tokens.verify(staff.accessToken)
            #expect(principal.tenant == Self.clinic && principal.role == .staff && principal.userID == staff.user.id)
            #expect(principal.expiresAt - identity.clock.now <= .seconds(900))
            let me = try await identity.get("/api/auth/me", token: staff.accessToken).decode(SelfView.self)
            #expect(me.user.email.description == "sara@people.example" && me.tenant == Self.clinic)
            #expect(try await identity.get("/api/auth/me").problem == "unauthenticated")
        }
    }

    @Test("all refusals are equal, so that none reveals whether an account exists")
    func discretion() async throws {
        try await RunningIdentity.serving { identity in
            let admin = try await identity.tenant(Self.clinic, root: identity.rootToken())
            let gone = try await identity.user("gone", .staff, by: admin, of: Self.clinic)
            _ = try await identity.user("sara", .staff, by: admin, of: Self.clinic)
            let disabled = try await identity.delete("/api/users/\(gone.user.id)", token: admin.accessToken)
            #expect(disabled.status == 204)
            let refusals = [
                try await attempt(identity, "sara@people.example"),
                try await attempt(identity, "nobody@people.example"),
                try await attempt(identity, "gone@people.example", password: Sample.password),
                try await attempt(identity, "sara@people.example", tenant: "nulle-part"),
            ]
            #expect(Set(refusals.map(\.text)).count == 1)
            #expect(refusals.allSatisfy { $0.status == 401 && $0.problem == "invalid-credentials" })
        }
    }

    @Test("the attempts of one client address per minute are limited, whatever the account")
    func clientLimit() async throws {
        try await RunningIdentity.serving(["GUICHET_IDENTITY_ATTEMPTS_PER_MINUTE": "3"]) { identity in
            for index in 0..<3 {
                #expect(try await attempt(identity, "nobody\(index)@people.example").status == 401)
            }
            let refused = try await attempt(identity, "nobody@people.example")
            #expect(refused.status == 429 && refused.problem == "too-many-requests")
            #expect(refused.headers["retry-after"] != nil)
        }
    }

    @Test("a changed password ends the other sessions, and the old one is refused")
    func passwordChange() async throws {
        try await RunningIdentity.serving { identity in
            let admin = try await identity.tenant(Self.clinic, root: identity.rootToken())
            let first = try await identity.user("sara", .staff, by: admin, of: Self.clinic)
            let second = try #require(try await identity.logIn(Self.clinic, "sara@people.example").tokens)
            @EventLoop func change(to password: String) async throws -> TestAnswer {
                try await identity.post(
                    "/api/auth/password", ["currentPassword": Sample.password, "newPassword": password],
                    token: second.accessToken)
            }
            let weak = try await change(to: "Password2026")
            #expect(weak.status == 422 && weak.problem == "password-refused")
            #expect(try await change(to: "quatre mots bien longs").status == 204)
            let other = try await identity.post("/api/auth/refresh", ["refreshToken": first.refreshToken])
            #expect(other.problem == "refresh-token-invalid")
            let own = try await identity.post("/api/auth/refresh", ["refreshToken": second.refreshToken])
            #expect(own.status == 200)
            #expect(try await attempt(identity, "sara@people.example", password: Sample.password).status == 401)
        }
    }
}
