import EventLoop
import FoundationEssentials
import GuichetProtocol
import HTTPServer
import Postgres
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import IdentityService

@Suite("Tenants", .serialized)
struct TenantTests {
    private static let clinic: TenantSlug = "clinique"

    @Test("many that create the same tenant with one key make one")
    func once() async throws {
        try await RunningIdentity.serving { identity in
            let root = try await identity.rootToken()
            let body = Sample.tenant(Self.clinic, admin: "admin@clinique.example")
            let tasks = (0..<12).map { _ in
                Task { @EventLoop in
                    try await identity.post("/api/tenants", body, token: root, key: "one")
                }
            }
            var ids: Set<TenantID> = []
            for task in tasks {
                let answer = try await task.value
                if answer.status == 201 {
                    ids.insert(try answer.decode(TenantView.self).id)
                } else {
                    #expect(answer.problem == "idempotency-key-in-use")
                }
            }
            #expect(ids.count == 1)
            let other = try await identity.post("/api/tenants", body, token: root, key: "two")
            #expect(other.problem == "tenant-taken")
            let events = try await identity.directory.registry.query(
                """
                SELECT count(DISTINCT aggregate) AS tenants FROM outbox
                WHERE routing_key LIKE 'clinique.identity.tenant.%'
                """)
            #expect(try events[0].get("tenants", as: Int.self) == 1)
            let trail = try await identity.get("/api/audit?limit=100", token: root).decode(Page<AuditLineView>.self)
            let creations = trail.items.filter { $0.action == "tenant.create" }
            #expect(creations.map(\.object) == [ids.first?.description])
        }
    }

    @Test("only super administrators create tenants, on servers and in time zones that exist")
    func refusals() async throws {
        try await RunningIdentity.serving { identity in
            let root = try await identity.rootToken()
            let admin = try await identity.tenant(Self.clinic, root: root)
            func create(
                _ changes: [String: JSONText], token: String, key: String = "k"
            ) async throws -> TestAnswer {
                let body = Sample.tenant("bistro").merging(changes) { $1 }
                return try await identity.post("/api/tenants", body, token: token, key: key)
            }
            #expect(try await create([:], token: admin.accessToken).problem == "forbidden")
            for zone in ["Mars/Olympus", "posix/Europe/Paris", "localtime", "CET"] {
                #expect(
                    try await create(["timeZone": .text(zone)], token: root, key: zone).problem == "time-zone-unknown")
            }
            #expect(try await create(["database": "nowhere"], token: root).problem == "database-unknown")
            #expect(try await create(["slug": "practitioners"], token: root).problem == "tenant-reserved")
            #expect(try await create(["slug": "Bistro"], token: root).problem == "invalid-body")
            #expect(try await create(["surprise": "x"], token: root).problem == "invalid-body")
            #expect(try await create([:], token: root).status == 201)
        }
    }

    @Test("name and language change with the version that was read; address and time zone never do")
    func changes() async throws {
        try await RunningIdentity.serving { identity in
            let root = try await identity.rootToken()
            _ = try await identity.tenant(Self.clinic, root: root)
            let path = "/api/tenants/clinique"
            let tag = try #require(try await identity.get(path, token: root).headers["etag"])
            func change(_ body: [String: String]) async throws -> TestAnswer {
                try await identity.patch(path, body, token: root, ifMatch: tag)
            }
            for field in ["address", "timeZone", "slug", "database"] {
                #expect(try await change([field: "Europe/Paris"]).problem == "invalid-body")
            }
            let changed = try await change(["name": "Clinique du Parc"]).decode(TenantView.self)
            #expect(changed.name == "Clinique du Parc" && changed.locale == "fr-DZ")
            #expect(try await change(["name": "Autre"]).status == 412)
            let present = try #require(try await identity.get(path, token: root).headers["etag"])
            try await identity.directory.registry.query("SELECT begin_generation()")
            let stale = try await identity.patch(path, ["name": "Autre"], token: root, ifMatch: present)
            #expect(stale.status == 412)
            let restored = try #require(try await identity.get(path, token: root).headers["etag"])
            #expect(restored != present && restored.hasSuffix("-\(present.dropFirst())"))
            // The database refuses it, too.
            await #expect(throws: PostgresError.self) {
                try await identity.directory.registry.query(
                    "UPDATE tenant_registrations SET time_zone = 'Europe/Paris' WHERE slug = \(Self.clinic)")
            }
            let versions = try await Self.announcedVersions(of: changed.id, identity)
            #expect(versions.count >= 2 && versions == Array(1...versions.count))
        }
    }

    @Test("pages of the origins that a tenant allows read answers to its callers, and no others do")
    func allowedOrigins() async throws {
        try await RunningIdentity.serving { identity in
            let root = try await identity.rootToken()
            let admin = try await identity.tenant(Self.clinic, root: root)
            let (path, page) = ("/api/tenants/clinique", "https://clinique.example")
            let before = try await identity.get(path, token: root)
            #expect(try before.decode(TenantView.self).allowedOrigins.isEmpty)
            func reader(of target: String, _ token: String?) async throws -> String? {
                try await identity.get(target, token: token, headers: ["Origin": page])
                    .headers["access-control-allow-origin"]
            }
            #expect(try await reader(of: "/api/auth/me", admin.accessToken) == nil)
            func allow(_ origins: [String], _ tag: String?) async throws -> TestAnswer {
                try await identity.patch(path, ["allowedOrigins": origins], token: root, ifMatch: try #require(tag))
            }
            for wrong in ["http://clinique.example", "https://clinique.example/", "*"] {
                #expect(try await allow([wrong], before.headers["etag"]).problem == "invalid-body")
            }
            let allowed = try await allow(["\(page):443", page], before.headers["etag"])
            #expect(try allowed.decode(TenantView.self).allowedOrigins == [page])
            try await identity.wait { _ in try await reader(of: "/api/auth/me", admin.accessToken) == page }
            #expect(try await reader(of: "/api/auth/me", root) == nil)
            #expect(try await reader(of: "/api/auth/me", nil) == page)
            #expect(try await reader(of: "/.well-known/jwks.json", nil) == "*")
            #expect(try await allow([], allowed.headers["etag"]).status == 200)
            try await identity.wait { _ in try await reader(of: "/api/auth/me", admin.accessToken) == nil }
        }
    }

    @Test("a service that asks is sent every tenant and key again, each time as the next version")
    func announcements() async throws {
        try await RunningIdentity.serving { identity in
            let root = try await identity.rootToken()
            _ = try await identity.tenant(Self.clinic, root: root)
            let path = "/api/tenants/clinique"
            let id = try await identity.get(path, token: root).decode(TenantView.self).id
            let tag = try await identity.get(path, token: root).headers["etag"]
            let before = try await Self.announcedVersions(of: id, identity)
            let keysBefore = try await Self.publishedVersions(identity)
            for version in [1, 2] {
                let request = EventAttributes(
                    id: .new(), name: AnnouncementsRequested.name, aggregate: "booking", version: version,
                    tenant: .platform, time: .now, correlation: "test", data: Unread())
                try await identity.directory.registry.transaction { transaction in
                    try await identity.service.announceEverything(in: transaction, because: request)
                }
            }
            // The service asks by itself at its start, so there may be more.
            let after = try await Self.announcedVersions(of: id, identity)
            #expect(after.count >= before.count + 2 && after == Array(1...after.count))
            let keysAfter = try await Self.publishedVersions(identity)
            #expect(keysAfter.count >= keysBefore.count + 2 && keysAfter == Array(1...keysAfter.count))
            // The tenant itself did not change.
            #expect(try await identity.get(path, token: root).headers["etag"] == tag)
        }
    }

    @Test("the list goes on from page to page, and a cursor counts where it was made")
    func pages() async throws {
        try await RunningIdentity.serving { identity in
            let root = try await identity.rootToken()
            for slug: TenantSlug in ["a", "b", "c"] {
                let created = try await identity.post(
                    "/api/tenants", Sample.tenant(slug), token: root, key: "\(slug)")
                try #require(created.status == 201)
            }
            let first = try await identity.get("/api/tenants?limit=3", token: root)
                .decode(Page<TenantSummary>.self)
            #expect(first.items.map(\.slug) == ["a", "b", "c"])
            let cursor = try #require(first.next)
            let second = try await identity.get("/api/tenants?limit=3&cursor=\(cursor)", token: root)
                .decode(Page<TenantSummary>.self)
            #expect(second.items.map(\.slug) == [.platform] && second.next == nil)
            let elsewhere = try await identity.get("/api/users?cursor=\(cursor)", token: root)
            #expect(elsewhere.problem == "invalid-cursor")
        }
    }

    private static func publishedVersions(_ identity: RunningIdentity) async throws -> [Int] {
        try await identity.directory.registry.query(
            "SELECT version FROM outbox WHERE aggregate = 'signing-keys/identity' ORDER BY version"
        ).map { try $0.get("version") }
    }

    private static func announcedVersions(of tenant: TenantID, _ identity: RunningIdentity) async throws -> [Int] {
        try await identity.directory.registry.query(
            "SELECT version FROM outbox WHERE aggregate = \("tenant/\(tenant)") ORDER BY version"
        ).map { try $0.get("version") }
    }
}
