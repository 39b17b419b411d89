import Authentication
import EventLoop
import GuichetProtocol
import HTTPServer
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import IdentityService

@Suite("The audit of accesses", .serialized)
struct AuditTests {
    private static let clinic: TenantSlug = "clinique"

    @Test("it has who did what to whom, from which network, and its reading, too")
    func lines() async throws {
        try await RunningIdentity.serving { identity in
            let admin = try await identity.tenant(Self.clinic, root: identity.rootToken())
            identity.clock.advance(by: .seconds(1))
            let staff = try await identity.user("sara", .staff, by: admin, of: Self.clinic)
            identity.clock.advance(by: .seconds(1))
            _ = try await identity.get("/api/users/\(staff.user.id)", token: admin.accessToken)
            @EventLoop func page(_ query: String) async throws -> Page<AuditLineView> {
                identity.clock.advance(by: .seconds(1))
                return try await identity.get("/api/audit\(query)", token: admin.accessToken)
                    .decode(Page<AuditLineView>.self)
            }
            let all = try await page("").items
            let read = try #require(all.first)
            #expect(read.action == "users.read" && read.outcome == "granted")
            #expect(read.userID == admin.user.id && read.object == staff.user.id.description)
            #expect(read.network == "127.0.0.0/24" && read.traceID?.count == 32)
            #expect(Set(all.map(\.action)) == ["enrolment", "login", "user.create", "users.read"])

            let first = try await page("?limit=2")
            #expect(first.items.first?.action == "audit.read")
            let second = try await page("?limit=2&cursor=\(try #require(first.next))")
            #expect(Set(first.items.map(\.id)).isDisjoint(with: second.items.map(\.id)))
            let stranger = UserID.new()
            _ = try await identity.get("/api/users/\(stranger)", token: admin.accessToken)
            let miss = try #require(try await page("").items.first { $0.object == stranger.description })
            #expect(miss.action == "users.read" && miss.outcome == "refused")
            let refused = try await identity.get("/api/audit", token: staff.accessToken)
            #expect(refused.problem == "forbidden")
        }
    }

    @Test("a refused login is in it, with the account when there is one")
    func refusals() async throws {
        try await RunningIdentity.serving { identity in
            let admin = try await identity.tenant(Self.clinic, root: identity.rootToken())
            for email in ["admin@clinique.example", "nobody@clinique.example"] {
                let refused = try await identity.post(
                    "/api/auth/login", ["tenant": "clinique", "email": email, "password": "wrong"])
                #expect(refused.status == 401)
            }
            let lines = try await identity.get("/api/audit", token: admin.accessToken)
                .decode(Page<AuditLineView>.self).items.filter { $0.outcome == "refused" }
            #expect(lines.map(\.action) == ["login", "login"])
            #expect(Set(lines.map(\.userID)) == [admin.user.id, nil])
        }
    }

    @Test("reading the own account leaves a line; a token whose session has ended reads nothing and leaves none")
    func oneself() async throws {
        try await RunningIdentity.serving { identity in
            let admin = try await identity.tenant(Self.clinic, root: identity.rootToken())
            let staff = try await identity.user("sara", .staff, by: admin, of: Self.clinic)
            #expect(try await identity.get("/api/auth/me", token: staff.accessToken).status == 200)
            identity.clock.advance(by: .seconds(1))
            let path = "/api/users/\(staff.user.id)"
            #expect(try await identity.delete(path, token: admin.accessToken).status == 204)
            identity.clock.advance(by: .seconds(1))
            #expect(try await identity.get("/api/auth/me", token: staff.accessToken).status == 401)
            let lines = try await identity.get("/api/audit", token: admin.accessToken)
                .decode(Page<AuditLineView>.self).items.filter { $0.action == "self.read" }
            #expect(lines.map(\.outcome) == ["granted"])
            #expect(lines.allSatisfy { $0.userID == staff.user.id && $0.traceID?.count == 32 })
        }
    }

    @Test("a role that a route does not permit leaves a line with the route, in the trace of the request")
    func roles() async throws {
        try await RunningIdentity.serving { identity in
            let admin = try await identity.tenant(Self.clinic, root: identity.rootToken())
            let staff = try await identity.user("sara", .staff, by: admin, of: Self.clinic)
            let path = "/api/users/\(admin.user.id)"
            #expect(try await identity.get(path, token: staff.accessToken).problem == "forbidden")
            #expect(try await identity.get(path).problem == "unauthenticated")
            var lines: [AuditLineView] = []
            try await identity.wait { identity in
                lines = try await identity.get("/api/audit", token: admin.accessToken)
                    .decode(Page<AuditLineView>.self).items.filter { $0.action == "route.call" }
                return !lines.isEmpty
            }
            let line = try #require(lines.first)
            #expect(lines.count == 1 && line.outcome == "refused" && line.userID == staff.user.id)
            #expect(line.object == "GET /api/users/{id}" && line.traceID?.count == 32)
        }
    }

    @Test(
        "an audit line names a network, never a client",
        arguments: [
            ("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2:3::4", "2001:db8:1::/48"), ("::1", "::/48"),
            ("localhost", "unknown"),
        ])
    func network(_ address: String, _ network: String) {
        #expect(ClientNetwork(of: address).description == network)
    }
}
