import EventLoop
import FoundationEssentials
import GuichetProtocol
import HTTPServer
import Postgres
import Primitives
import Tenancy
import Testing

@testable import IdentityService

@Suite("Tenants", .serialized)
struct TenantTests {
    private static let clinic: TenantSlug = "clinique"

    @Test("many that create the same tenant with one key make one")
    func once() async throws {
        try await TestIdentity.with { identity in
            let root = try await identity.rootToken()
            let body = TestIdentity.creation(Self.clinic, admin: "admin@clinique.example")
            let tasks = (0..<12).map { _ in
                Task { @EventLoop in
                    try await identity.client.post("/api/tenants", body, token: root, key: "one")
                }
            }
            var ids: Set<TenantID> = []
            for task in tasks {
                let answer = try await task.value
                if answer.status == 201 {
                    ids.insert(try answer.json(TenantReply.self).id)
                } else {
                    #expect(answer.problem == "idempotency-key-in-use")
                }
            }
            #expect(ids.count == 1)
            let other = try await identity.client.post("/api/tenants", body, token: root, key: "two")
            #expect(other.problem == "tenant-taken")
            let events = try await identity.directory.registry.query(
                "SELECT count(*) AS events FROM outbox WHERE routing_key LIKE 'clinique.identity.tenant.%'")
            #expect(try events[0].get("events", as: Int.self) == 1)
        }
    }

    @Test("only who runs the installation creates tenants, of things that exist")
    func refusals() async throws {
        try await TestIdentity.with { identity in
            let root = try await identity.rootToken()
            let admin = try await identity.tenant(Self.clinic, root: root)
            func create(
                _ changes: [String: JSONText], token: String, key: String = "k"
            ) async throws -> TestClient.Answer {
                let body = TestIdentity.creation("bistro").merging(changes) { $1 }
                return try await identity.client.post("/api/tenants", body, token: token, key: key)
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
        try await TestIdentity.with { identity in
            let root = try await identity.rootToken()
            _ = try await identity.tenant(Self.clinic, root: root)
            let path = "/api/tenants/clinique"
            let tag = try #require(try await identity.client.get(path, token: root).headers["etag"])
            func change(_ body: [String: String]) async throws -> TestClient.Answer {
                try await identity.client.patch(path, body, token: root, ifMatch: tag)
            }
            for field in ["address", "timeZone", "slug", "database"] {
                #expect(try await change([field: "Europe/Paris"]).problem == "invalid-body")
            }
            let changed = try await change(["name": "Clinique du Parc"]).json(TenantReply.self)
            #expect(changed.name == "Clinique du Parc" && changed.locale == "fr-DZ")
            #expect(try await change(["name": "Autre"]).status == 412)
            // Whatever a program tries, the database refuses.
            await #expect(throws: PostgresError.self) {
                try await identity.directory.registry.query(
                    "UPDATE tenant_registrations SET time_zone = 'Europe/Paris' WHERE slug = \(Self.clinic)")
            }
            let versions = try await Self.announcedVersions(of: changed.id, identity)
            #expect(versions == [1, 2])
        }
    }

    @Test("a service that asks hears of every tenant and key again, each time as the next version")
    func announcements() async throws {
        try await TestIdentity.with { identity in
            let root = try await identity.rootToken()
            _ = try await identity.tenant(Self.clinic, root: root)
            let path = "/api/tenants/clinique"
            let id = try await identity.client.get(path, token: root).json(TenantReply.self).id
            let tag = try await identity.client.get(path, token: root).headers["etag"]
            for version in [1, 2] {
                let request = EventAttributes(
                    id: .new(), name: AnnouncementsRequested.name, aggregate: "booking", version: version,
                    tenant: .platform, time: .now, correlation: "test", data: Unread())
                try await identity.directory.registry.transaction { transaction in
                    try await identity.app.announceEverything(in: transaction, because: request)
                }
            }
            #expect(try await Self.announcedVersions(of: id, identity) == [1, 2, 3])
            let keys = try await identity.directory.registry.query(
                "SELECT version FROM outbox WHERE aggregate = 'signing-keys/identity' ORDER BY version")
            #expect(try keys.map { try $0.get("version", as: Int.self) } == [1, 2, 3])
            // Nothing changed: a client's version still counts.
            #expect(try await identity.client.get(path, token: root).headers["etag"] == tag)
        }
    }

    @Test("the list goes on from page to page, and a cursor counts where it was made")
    func pages() async throws {
        try await TestIdentity.with { identity in
            let root = try await identity.rootToken()
            for slug: TenantSlug in ["a", "b", "c"] {
                let created = try await identity.client.post(
                    "/api/tenants", TestIdentity.creation(slug), token: root, key: "\(slug)")
                try #require(created.status == 201)
            }
            let first = try await identity.client.get("/api/tenants?limit=3", token: root)
                .json(Page<TenantSummary>.self)
            #expect(first.items.map(\.slug) == ["a", "b", "c"])
            let cursor = try #require(first.next)
            let second = try await identity.client.get("/api/tenants?limit=3&cursor=\(cursor)", token: root)
                .json(Page<TenantSummary>.self)
            #expect(second.items.map(\.slug) == [.platform] && second.next == nil)
            let elsewhere = try await identity.client.get("/api/users?cursor=\(cursor)", token: root)
            #expect(elsewhere.problem == "invalid-cursor")
        }
    }

    private static func announcedVersions(of tenant: TenantID, _ identity: TestIdentity) async throws -> [Int] {
        try await identity.directory.registry.query(
            "SELECT version FROM outbox WHERE aggregate = \("tenant/\(tenant)") ORDER BY version"
        ).map { try $0.get("version") }
    }
}
