import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import IdentityService

@Suite("The end of a tenant")
struct TenantEndTests {
    private static let clinic: TenantSlug = "clinique"

    @Test("a closed tenant has no users until it is opened again, and then no session of before")
    func closing() async throws {
        try await RunningIdentity.serving { identity in
            let root = try await identity.rootToken()
            let admin = try await identity.tenant(Self.clinic, root: root)
            let commands = TenantCommands(service: identity.service)
            for _ in 0..<2 { _ = try await commands(["close", "clinique"]) }
            #expect(try await identity.get("/api/auth/me", token: admin.accessToken).status == 401)
            let login = ["tenant": "clinique", "email": "admin@clinique.example", "password": Sample.password]
            #expect(try await identity.post("/api/auth/login", login).problem == "invalid-credentials")
            let refresh = try await identity.post("/api/auth/refresh", ["refreshToken": admin.refreshToken])
            #expect(refresh.problem == "refresh-token-invalid")
            let list = try await identity.get("/api/tenants", token: root)
            #expect(list.text.contains("closedAt"))
            #expect(try await identity.get("/api/auth/me", token: root).status == 200)

            for _ in 0..<2 { _ = try await commands(["reopen", "clinique"]) }
            #expect(try await identity.get("/api/auth/me", token: admin.accessToken).status == 401)
            #expect(try await identity.post("/api/auth/login", login).problem == "totp-required")
            let announced = try await identity.directory.registry.query(
                "SELECT version FROM outbox WHERE routing_key LIKE 'clinique.identity.tenant.%' ORDER BY version")
            #expect(try announced.map { try $0.get("version") as Int } == [1, 2, 3])
        }
    }

    @Test("a tenant is removed when the delay is over, and another one may take its name")
    func removing() async throws {
        try await RunningIdentity.serving { identity in
            let root = try await identity.rootToken()
            _ = try await identity.tenant(Self.clinic, root: root)
            let commands = TenantCommands(service: identity.service)
            await #expect(throws: Misuse.self) { _ = try await commands(["remove", "clinique"]) }
            _ = try await commands(["close", "clinique"])
            await #expect(throws: Misuse.self) { _ = try await commands(["remove", "clinique"]) }
            identity.clock.advance(by: .seconds(30 * 86_400))
            for _ in 0..<2 { _ = try await commands(["remove", "clinique"]) }
            try await identity.wait { $0.directory.isRemoved(Self.clinic) }
            let schemas = try await identity.directory.registry.query(
                "SELECT FROM pg_namespace WHERE nspname = 'identity_clinique'")
            #expect(schemas.isEmpty)
            try await identity.wait { _ in try await commands(["list"]).count == 1 }
            await #expect(throws: Misuse.self) { _ = try await commands(["reopen", "clinique"]) }
            await #expect(throws: (any Error).self) { _ = try await commands(["close", "guichet"]) }
        }
    }
}
