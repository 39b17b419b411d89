import Authentication
import EventLoop
import GuichetProtocol
import HTTPServer
import IdentityDomain
import Postgres
import Primitives
import Tenancy
import Testing

@testable import IdentityService

@Suite("Users of a tenant", .serialized)
struct UserTests {
    private static let clinic: TenantSlug = "clinique"

    private func withAdmin(_ body: @EventLoop (TestIdentity, TokenReply) async throws -> Void) async throws {
        try await TestIdentity.with { identity in
            try await body(identity, identity.tenant(Self.clinic, root: identity.rootToken()))
        }
    }

    @Test("nobody gives a role beyond his own, nor touches who has one")
    func bounds() async throws {
        try await withAdmin { identity, admin in
            let manager = try await identity.user("meriem", .manager, by: admin, of: Self.clinic)
            let staff = try await identity.user("sara", .staff, by: admin, of: Self.clinic)
            func create(_ role: Role, by tokens: TokenReply) async throws -> TestClient.Answer {
                try await identity.client.post(
                    "/api/users", TestIdentity.user("new-\(role)", role), token: tokens.accessToken, key: "\(role)")
            }
            #expect(try await create(.admin, by: manager).problem == "role-not-grantable")
            #expect(try await create(.superAdmin, by: admin).problem == "role-not-grantable")
            #expect(try await create(.staff, by: staff).problem == "forbidden")
            #expect(try await create(.waiter, by: manager).status == 201)

            let (boss, clerk) = ("/api/users/\(admin.user.id)", "/api/users/\(staff.user.id)")
            func change(_ path: String, _ role: Role) async throws -> String? {
                try await identity.client.patch(path, ["role": role], token: manager.accessToken, ifMatch: "*").problem
            }
            #expect(try await change(boss, .staff) == "role-not-grantable")
            #expect(try await change(clerk, .admin) == "role-not-grantable")
            #expect(try await change(clerk, .cashier) == nil)
            let own = try await identity.client.patch(
                boss, ["role": Role.staff], token: admin.accessToken, ifMatch: "*")
            #expect(own.problem == "own-account")
        }
    }

    @Test("who is forgotten leaves no name and no address, and his address can be somebody's again")
    func erasure() async throws {
        try await withAdmin { identity, admin in
            let staff = try await identity.user("sara", .staff, by: admin, of: Self.clinic)
            let path = "/api/users/\(staff.user.id)?erase=true"
            let data = try await Realm(of: Self.clinic, identity.app.context).data
            let before = try await data.query("SELECT email, email_index, name FROM users WHERE id = \(staff.user.id)")[
                0]
            #expect(try await identity.client.send("DELETE", path, token: staff.accessToken).problem == "forbidden")
            let own = try await identity.client.send(
                "DELETE", "/api/users/\(admin.user.id)?erase=true", token: admin.accessToken)
            #expect(own.problem == "own-account")
            for _ in 0..<2 {
                #expect(try await identity.client.send("DELETE", path, token: admin.accessToken).status == 204)
            }
            let shown = try await identity.client.get("/api/users/\(staff.user.id)", token: admin.accessToken).text
            #expect(!shown.contains("sara") && shown.contains("erased.invalid"), "\(shown)")
            let after = try await data.query("SELECT email, email_index, name FROM users WHERE id = \(staff.user.id)")[
                0]
            for column in ["email", "email_index", "name"] {
                #expect(try before.get(column, as: [UInt8].self) != after.get(column, as: [UInt8].self))
            }
            let login = try await identity.client.post(
                "/api/auth/login",
                ["tenant": "\(Self.clinic)", "email": "sara@people.example", "password": TestIdentity.password])
            #expect(login.problem == "invalid-credentials")
            let again = try await identity.client.post(
                "/api/users", TestIdentity.user("sara", .staff), token: admin.accessToken, key: "again")
            #expect(again.status == 201, "\(again.text)")
        }
    }

    @Test("of two administrators that shut each other out at the same moment one stays", arguments: ["role", "active"])
    func lastAdministrator(_ field: String) async throws {
        try await withAdmin { identity, first in
            let second = try await identity.administrator("meriem", by: first, of: Self.clinic)
            func shutOut(_ user: UserID, by tokens: TokenReply) async throws -> TestClient.Answer {
                let path = "/api/users/\(user)"
                return field == "role"
                    ? try await identity.client.patch(
                        path, ["role": Role.staff], token: tokens.accessToken, ifMatch: "*")
                    : try await identity.client.send("DELETE", path, token: tokens.accessToken)
            }
            async let one = shutOut(second.user.id, by: first)
            async let other = shutOut(first.user.id, by: second)
            let answers = try await [one, other]
            #expect(answers.count { $0.status < 300 } == 1)
            #expect(answers.compactMap(\.problem) == ["last-administrator"])
        }
    }

    @Test("a token of one tenant sees nothing of another: what is there is not there")
    func wall() async throws {
        try await TestIdentity.with { identity in
            let root = try await identity.rootToken()
            let ours = try await identity.tenant(Self.clinic, root: root)
            let theirs = try await identity.tenant("bistro", root: root)
            let path = "/api/users/\(theirs.user.id)"
            #expect(try await identity.client.get(path, token: theirs.accessToken).status == 200)
            let (get, change, delete) = (
                try await identity.client.get(path, token: ours.accessToken),
                try await identity.client.patch(path, ["active": false], token: ours.accessToken, ifMatch: "*"),
                try await identity.client.send("DELETE", path, token: ours.accessToken)
            )
            #expect([get, change, delete].allSatisfy { $0.problem == "not-found" })
            let list = try await identity.client.get("/api/users", token: ours.accessToken)
            #expect(try list.json(Page<UserReply>.self).items.map(\.id) == [ours.user.id])
            for name in ["bistro", "nulle-part"] {
                #expect(try await identity.client.get("/api/tenants/\(name)", token: ours.accessToken).status == 404)
            }
            // Not even the one who runs the installation reads the users of a tenant.
            #expect(try await identity.client.get(path, token: root).status == 404)
        }
    }

    @Test("a key creates one user, however often it is sent; an address belongs to one user")
    func once() async throws {
        try await withAdmin { identity, admin in
            let body = TestIdentity.user("sara", .staff)
            func send(_ key: String, _ body: [String: String]) async throws -> TestClient.Answer {
                try await identity.client.post("/api/users", body, token: admin.accessToken, key: key)
            }
            let first = try await send("a", body).json(UserReply.self)
            #expect(try await send("a", body).json(UserReply.self).id == first.id)
            #expect(try await send("a", TestIdentity.user("omar", .staff)).problem == "idempotency-key-reused")
            #expect(try await send("b", body).problem == "email-taken")
            let shouted = body.merging(["email": "SARA@people.example"]) { $1 }
            #expect(try await send("c", shouted).problem == "email-taken")
            let keyless = try await identity.client.post("/api/users", body, token: admin.accessToken)
            #expect(keyless.problem == "idempotency-key-missing")
        }
    }

    @Test("while the first request with a key is running the second is told to come back, and then gets its answer")
    func running() async throws {
        try await withAdmin { identity, admin in
            let store = try await identity.directory.store(for: Self.clinic).data
            let tasks = try await store.transaction { transaction in
                // The first one stands still here, once it has claimed its key.
                try await transaction.query("LOCK TABLE users IN EXCLUSIVE MODE")
                let tasks = [Task { @EventLoop in try await Self.createSara(identity, admin) }]
                while try await store.query(Self.waiting).isEmpty { try await EventLoop.sleep(for: .milliseconds(5)) }
                let second = try await Self.createSara(identity, admin)
                #expect(second.status == 409 && second.problem == "idempotency-key-in-use", "\(second.text)")
                #expect(second.headers["retry-after"] == "1")
                return tasks
            }
            for task in tasks {
                let first = try await task.value
                #expect(first.status == 201, "\(first.text)")
                let again = try await Self.createSara(identity, admin).json(UserReply.self)
                #expect(try again.id == first.json(UserReply.self).id)
            }
        }
    }

    @EventLoop private static func createSara(
        _ identity: TestIdentity, _ admin: TokenReply
    ) async throws -> TestClient.Answer {
        try await identity.client.post(
            "/api/users", TestIdentity.user("sara", .staff), token: admin.accessToken, key: "the-key")
    }

    /// Who waits for a table.
    private static let waiting: SQL = """
        SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database
        WHERE datname = current_database() AND locktype = 'relation' AND NOT granted
        """

    @Test("a change needs the version that was read")
    func versions() async throws {
        try await withAdmin { identity, admin in
            let staff = try await identity.user("sara", .staff, by: admin, of: Self.clinic)
            let path = "/api/users/\(staff.user.id)"
            let tag = try #require(try await identity.client.get(path, token: admin.accessToken).headers["etag"])
            func rename(_ name: String) async throws -> TestClient.Answer {
                try await identity.client.patch(path, ["name": name], token: admin.accessToken, ifMatch: tag)
            }
            let renamed = try await rename("Sara B.")
            #expect(try renamed.json(UserReply.self).name.description == "Sara B." && renamed.headers["etag"] != tag)
            #expect(try await rename("Sara C.").status == 412)
            let bare = try await identity.client.send(
                "PATCH", path, body: Array(#"{"name":"X"}"#.utf8), token: admin.accessToken)
            #expect(bare.status == 428)
            let unknown = try await identity.client.patch(
                path, ["tenant": "bistro"], token: admin.accessToken, ifMatch: "*")
            #expect(unknown.problem == "invalid-body")
        }
    }

    @Test("whoever is shut out or given another role refreshes no session")
    func endedSessions() async throws {
        try await withAdmin { identity, admin in
            let staff = try await identity.user("sara", .staff, by: admin, of: Self.clinic)
            let path = "/api/users/\(staff.user.id)"
            let changed = try await identity.client.patch(
                path, ["role": Role.manager], token: admin.accessToken, ifMatch: "*")
            #expect(changed.status == 200)
            let old = try await identity.client.post("/api/auth/refresh", ["refreshToken": staff.refreshToken])
            #expect(old.status == 401)
            let new = try #require(try await identity.logIn(Self.clinic, "sara@people.example").tokens)
            #expect(try identity.tokens.verify(new.accessToken).role == .manager)
            #expect(try await identity.client.send("DELETE", path, token: admin.accessToken).status == 204)
            #expect(try await identity.client.get("/api/auth/me", token: new.accessToken).problem == "session-ended")
        }
    }

    @Test("neither addresses, names, secrets nor tokens lie in the database in clear")
    func encryption() async throws {
        try await withAdmin { identity, admin in
            let staff = try await identity.user("canari", .staff, by: admin, of: Self.clinic)
            let store = try await identity.directory.store(for: Self.clinic).data
            let dump = try await store.query(
                """
                SELECT (SELECT string_agg(users::text || encode(email, 'escape') || encode(name, 'escape'), '') FROM users)
                    || (SELECT string_agg(idempotency_keys::text, '') FROM idempotency_keys)
                    || (SELECT string_agg(refresh_tokens::text, '') FROM refresh_tokens)
                    || (SELECT string_agg(access_audit::text, '') FROM access_audit) AS dump
                """)[0].get("dump", as: String.self)
            #expect(dump.contains(staff.user.id.description))
            for secret in ["canari", "people.example", "Personne", "Amel", TestIdentity.password, staff.refreshToken] {
                #expect(!dump.contains(secret), "\(secret) is in clear")
            }
        }
    }
}
