import Authentication
import EventLoop
import GuichetProtocol
import HTTPServer
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import IdentityService

@Suite("Users of a tenant", .serialized)
struct UserTests {
    private static let clinic: TenantSlug = "clinique"

    private func withAdmin(_ body: @EventLoop (RunningIdentity, TokenView) async throws -> Void) async throws {
        try await RunningIdentity.serving { identity in
            try await body(identity, identity.tenant(Self.clinic, root: identity.rootToken()))
        }
    }

    @Test("nobody grants a role beyond their own, nor changes a user who has one")
    func bounds() async throws {
        try await withAdmin { identity, admin in
            let manager = try await identity.user("meriem", .manager, by: admin, of: Self.clinic)
            let staff = try await identity.user("sara", .staff, by: admin, of: Self.clinic)
            func create(_ role: Role, by tokens: TokenView) async throws -> TestAnswer {
                try await identity.post(
                    "/api/users", Sample.user("new-\(role)", role), token: tokens.accessToken, key: "\(role)")
            }
            #expect(try await create(.admin, by: manager).problem == "role-not-grantable")
            #expect(try await create(.superAdmin, by: admin).problem == "role-not-grantable")
            #expect(try await create(.staff, by: staff).problem == "forbidden")
            #expect(try await create(.waiter, by: manager).status == 201)

            let (boss, clerk) = ("/api/users/\(admin.user.id)", "/api/users/\(staff.user.id)")
            func change(_ path: String, _ role: Role) async throws -> String? {
                try await identity.patch(path, ["role": role], token: manager.accessToken, ifMatch: "*").problem
            }
            #expect(try await change(boss, .staff) == "role-not-grantable")
            #expect(try await change(clerk, .admin) == "role-not-grantable")
            #expect(try await change(clerk, .cashier) == nil)
            let own = try await identity.patch(
                boss, ["role": Role.staff], token: admin.accessToken, ifMatch: "*")
            #expect(own.problem == "own-account")
        }
    }

    @Test("what was read can be sent back: read-only members are ignored if they are equal")
    func sentBack() async throws {
        try await withAdmin { identity, admin in
            let staff = try await identity.user("sara", .staff, by: admin, of: Self.clinic)
            @EventLoop func send(_ body: String, to user: UserID, _ version: Int) async throws -> TestAnswer {
                try await identity.call(
                    "PATCH", "/api/users/\(user)", token: admin.accessToken, headers: ["If-Match": "\"\(version)\""],
                    body: body)
            }
            let read = try await identity.get("/api/users/\(staff.user.id)", token: admin.accessToken).text
            let renamed = try await send(
                read.replacing("\"active\":true", with: "\"active\":false"), to: staff.user.id, 1)
            #expect(renamed.status == 200 && renamed.text.contains("\"active\":false"), "\(renamed.text)")
            let other = read.replacing("sara@people.example", with: "autre@people.example")
            #expect(try await send(other, to: staff.user.id, 2).problem == "invalid-body")
            #expect(try await send(read, to: staff.user.id, 1).problem == "precondition-failed")
            // Their own role is sent back, not changed.
            let own = try await identity.get("/api/users/\(admin.user.id)", token: admin.accessToken)
            let version = try #require(own.headers["etag"].flatMap { Int($0.dropFirst().dropLast()) })
            #expect(try await send(own.text, to: admin.user.id, version).status == 200)
        }
    }

    @Test("an erased user leaves no name and no address, and the address can be used again")
    func erasure() async throws {
        try await withAdmin { identity, admin in
            let staff = try await identity.user("sara", .staff, by: admin, of: Self.clinic)
            let path = "/api/users/\(staff.user.id)?erase=true"
            let data = try await Realm(of: Self.clinic, identity.service.context).data
            let before = try await data.query("SELECT email, email_index, name FROM users WHERE id = \(staff.user.id)")[
                0]
            #expect(try await identity.delete(path, token: staff.accessToken).problem == "forbidden")
            let own = try await identity.delete("/api/users/\(admin.user.id)?erase=true", token: admin.accessToken)
            #expect(own.problem == "own-account")
            for _ in 0..<2 {
                #expect(try await identity.delete(path, token: admin.accessToken).status == 204)
            }
            let kept = try await data.query(
                "SELECT FROM idempotency_keys WHERE position(\(staff.user.id.description) IN scope || body) > 0")
            #expect(kept.isEmpty)
            #expect(try await data.query("SELECT FROM sessions WHERE user_id = \(staff.user.id)").isEmpty)
            let announced = try await data.query(
                "SELECT version FROM outbox WHERE aggregate = \("user/\(staff.user.id)")")
            #expect(try announced.map { try $0.get("version") as Int } == [1])
            let shown = try await identity.get("/api/users/\(staff.user.id)", token: admin.accessToken).text
            #expect(!shown.contains("sara") && shown.contains("erased.invalid"), "\(shown)")
            let after = try await data.query("SELECT email, email_index, name FROM users WHERE id = \(staff.user.id)")[
                0]
            for column in ["email", "email_index", "name"] {
                #expect(try before.get(column, as: [UInt8].self) != after.get(column, as: [UInt8].self))
            }
            let login = try await identity.post(
                "/api/auth/login",
                ["tenant": "\(Self.clinic)", "email": "sara@people.example", "password": Sample.password])
            #expect(login.problem == "invalid-credentials")
            let again = try await identity.post(
                "/api/users", Sample.user("sara", .staff), token: admin.accessToken, key: "again")
            #expect(again.status == 201, "\(again.text)")
        }
    }

    @Test("of two administrators who deactivate each other at the same time one stays", arguments: ["role", "active"])
    func lastAdministrator(_ field: String) async throws {
        try await withAdmin { identity, first in
            let second = try await identity.administrator("meriem", by: first, of: Self.clinic)
            func deactivate(_ user: UserID, by tokens: TokenView) async throws -> TestAnswer {
                let path = "/api/users/\(user)"
                return field == "role"
                    ? try await identity.patch(
                        path, ["role": Role.staff], token: tokens.accessToken, ifMatch: "*")
                    : try await identity.delete(path, token: tokens.accessToken)
            }
            async let one = deactivate(second.user.id, by: first)
            async let other = deactivate(first.user.id, by: second)
            let answers = try await [one, other]
            #expect(answers.count { $0.status < 300 } == 1)
            #expect(answers.compactMap(\.problem).allSatisfy { ["session-ended", "unauthenticated"].contains($0) })
        }
    }

    @Test("a token of one tenant reads nothing of another tenant")
    func wall() async throws {
        try await RunningIdentity.serving { identity in
            let root = try await identity.rootToken()
            let ours = try await identity.tenant(Self.clinic, root: root)
            let theirs = try await identity.tenant("bistro", root: root)
            let path = "/api/users/\(theirs.user.id)"
            #expect(try await identity.get(path, token: theirs.accessToken).status == 200)
            let (get, change, delete) = (
                try await identity.get(path, token: ours.accessToken),
                try await identity.patch(path, ["active": false], token: ours.accessToken, ifMatch: "*"),
                try await identity.delete(path, token: ours.accessToken)
            )
            #expect([get, change, delete].allSatisfy { $0.problem == "not-found" })
            let list = try await identity.get("/api/users", token: ours.accessToken)
            #expect(try list.decode(Page<UserView>.self).items.map(\.id) == [ours.user.id])
            for name in ["bistro", "nulle-part"] {
                #expect(try await identity.get("/api/tenants/\(name)", token: ours.accessToken).status == 404)
            }
            // Super administrators do not read the users of a tenant, either.
            #expect(try await identity.get(path, token: root).status == 404)
        }
    }

    @Test("a key creates one user, however often it is sent; an address belongs to one user")
    func once() async throws {
        try await withAdmin { identity, admin in
            let body = Sample.user("sara", .staff)
            func send(_ key: String, _ body: [String: String]) async throws -> TestAnswer {
                try await identity.post("/api/users", body, token: admin.accessToken, key: key)
            }
            let first = try await send("a", body).decode(UserView.self)
            #expect(try await send("a", body).decode(UserView.self).id == first.id)
            #expect(try await send("a", Sample.user("omar", .staff)).problem == "idempotency-key-reused")
            #expect(try await send("b", body).problem == "email-taken")
            let shouted = body.merging(["email": "SARA@people.example"]) { $1 }
            #expect(try await send("c", shouted).problem == "email-taken")
            let keyless = try await identity.post("/api/users", body, token: admin.accessToken)
            #expect(keyless.problem == "idempotency-key-missing")
        }
    }

    @Test("a second request with a key whose first is running is answered 409, and later with the first one's answer")
    func running() async throws {
        try await withAdmin { identity, admin in
            let store = try await identity.directory.store(for: Self.clinic).data
            let tasks = try await store.transaction { transaction in
                // Stops the first request after it has claimed its key.
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
                let again = try await Self.createSara(identity, admin).decode(UserView.self)
                #expect(try again.id == first.decode(UserView.self).id)
            }
        }
    }

    @EventLoop private static func createSara(
        _ identity: RunningIdentity, _ admin: TokenView
    ) async throws -> TestAnswer {
        try await identity.post(
            "/api/users", Sample.user("sara", .staff), token: admin.accessToken, key: "the-key")
    }

    /// The sessions that wait for a table.
    private static let waiting: SQL = """
        SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database
        WHERE datname = current_database() AND locktype = 'relation' AND NOT granted
        """

    @Test("a change needs the version that was read")
    func versions() async throws {
        try await withAdmin { identity, admin in
            let staff = try await identity.user("sara", .staff, by: admin, of: Self.clinic)
            let path = "/api/users/\(staff.user.id)"
            let tag = try #require(try await identity.get(path, token: admin.accessToken).headers["etag"])
            func rename(_ name: String) async throws -> TestAnswer {
                try await identity.patch(path, ["name": name], token: admin.accessToken, ifMatch: tag)
            }
            let renamed = try await rename("Sara B.")
            #expect(try renamed.decode(UserView.self).name.description == "Sara B." && renamed.headers["etag"] != tag)
            #expect(try await rename("Sara C.").status == 412)
            let bare = try await identity.call("PATCH", path, token: admin.accessToken, body: #"{"name":"X"}"#)
            #expect(bare.status == 428)
            let unknown = try await identity.patch(
                path, ["tenant": "bistro"], token: admin.accessToken, ifMatch: "*")
            #expect(unknown.problem == "invalid-body")
        }
    }

    @Test("an entity tag from before a restore is refused, although the version is the same")
    func generations() async throws {
        try await withAdmin { identity, admin in
            let staff = try await identity.user("sara", .staff, by: admin, of: Self.clinic)
            let path = "/api/users/\(staff.user.id)"
            let before = try #require(try await identity.get(path, token: admin.accessToken).headers["etag"])
            func rename(_ tag: String) async throws -> TestAnswer {
                try await identity.patch(path, ["name": "Sara B."], token: admin.accessToken, ifMatch: tag)
            }
            let generation: Int = try await identity.directory.store(for: Self.clinic).data
                .query("SELECT begin_generation() AS number")[0].get("number")
            #expect(try await rename(before).status == 412)
            let present = try #require(try await identity.get(path, token: admin.accessToken).headers["etag"])
            #expect(present == "\"\(generation)-\(before.dropFirst())")
            #expect(try await rename(present).status == 200)
            #expect(try await rename(present).status == 412)
        }
    }

    @Test("a user who was deactivated or given another role cannot refresh a session")
    func endedSessions() async throws {
        try await withAdmin { identity, admin in
            let staff = try await identity.user("sara", .staff, by: admin, of: Self.clinic)
            let path = "/api/users/\(staff.user.id)"
            let changed = try await identity.patch(
                path, ["role": Role.manager], token: admin.accessToken, ifMatch: "*")
            #expect(changed.status == 200)
            let old = try await identity.post("/api/auth/refresh", ["refreshToken": staff.refreshToken])
            #expect(old.status == 401)
            let new = try #require(try await identity.logIn(Self.clinic, "sara@people.example").tokens)
            #expect(try identity.tokens.verify(new.accessToken).role == .manager)
            #expect(try await identity.delete(path, token: admin.accessToken).status == 204)
            #expect(try await identity.get("/api/auth/me", token: new.accessToken).problem == "unauthenticated")
        }
    }

    @Test("addresses, names, secrets and tokens are not stored in clear text")
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
            for secret in ["canari", "people.example", "Personne", "Amel", Sample.password, staff.refreshToken] {
                #expect(!dump.contains(secret), "\(secret) is in clear")
            }
        }
    }
}
