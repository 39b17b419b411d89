import Authentication
import Cryptography
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import ServiceTesting
import Tenancy
import Testing

@testable import IdentityService

@Suite("Service accounts")
struct ServiceAccountTests {
    private static let clinic: TenantSlug = "cabinet"
    private static let path = "/api/service-accounts"

    @Test("exchange a secret for a token with their scopes, in both ways of RFC 6749, and no refresh token")
    func grants() async throws {
        try await RunningIdentity.serving { identity in
            let admin = try await identity.tenant(Self.clinic, root: try await identity.rootToken())
            let account = try await identity.account(["slots:read", "appointments:write"], by: admin)
            let secret = try await identity.secret(of: account, by: admin)
            #expect(secret.clientID == account.id)

            let posted = try await identity.token(secret, "&ignored=1")
            #expect(posted.status == 200, "\(posted.text)")
            #expect(posted.headers["cache-control"] == "no-store")
            #expect(posted.headers["pragma"] == "no-cache")
            let token = try posted.decode(Granted.self)
            #expect(token.tokenType == "Bearer")
            #expect(token.expiresIn == 600)
            #expect(token.scope == "appointments:write slots:read")
            #expect(!posted.text.contains("refresh"))
            let principal = try identity.tokens.verify(token.accessToken)
            #expect(principal.userID == account.id)
            #expect(principal.rights == .scopes([.slotsRead, .appointmentsWrite]))

            let basic = BaseEncoding.base64.encode(Array("\(account.id):\(secret.clientSecret)".utf8))
            let padded = basic + String(repeating: "=", count: (4 - basic.count % 4) % 4)
            let narrow = try await identity.form(
                "grant_type=client_credentials&scope=slots%3Aread", ["Authorization": "Basic \(padded)"])
            #expect(try narrow.decode(Granted.self).scope == "slots:read")

            let shown = try await identity.get("\(Self.path)/\(account.id)", token: admin.accessToken)
            #expect(try shown.decode(ServiceAccountView.self).lastUsedAt == identity.clock.now)
            #expect(!shown.text.contains(secret.clientSecret))
            let audit = try await identity.get("/api/audit", token: admin.accessToken).text
            #expect(audit.contains("token.grant"))
            #expect(audit.contains("\(account.id)"))
        }
    }

    @Test("are refused as RFC 6749 section 5.2 says")
    func refusals() async throws {
        try await RunningIdentity.serving { identity in
            let admin = try await identity.tenant(Self.clinic, root: try await identity.rootToken())
            let account = try await identity.account(["slots:read"], by: admin)
            let secret = try await identity.secret(of: account, by: admin)
            func expect(_ answer: TestAnswer, _ status: Int, _ code: String) throws {
                #expect(answer.status == status, "\(answer.text)")
                #expect(try answer.decode(Refused.self).error == code)
            }
            let wrong = NewSecretView(
                id: secret.id, clientID: account.id, clientSecret: String(secret.clientSecret.dropLast()) + "_",
                expiresAt: nil)
            try expect(try await identity.token(wrong), 401, "invalid_client")
            let stranger = NewSecretView(
                id: secret.id, clientID: .new(), clientSecret: secret.clientSecret, expiresAt: nil)
            try expect(try await identity.token(stranger), 401, "invalid_client")
            try expect(try await identity.form("grant_type=password"), 400, "unsupported_grant_type")
            try expect(try await identity.form("grant_type=client_credentials"), 401, "invalid_client")
            try expect(try await identity.form("scope=slots:read"), 400, "invalid_request")
            let twice = "grant_type=client_credentials&scope=a&scope=b"
            try expect(try await identity.form(twice), 400, "invalid_request")
            for scope in ["appointments:write", "slots:read%20unknown", "%20"] {
                try expect(try await identity.token(secret, "&scope=\(scope)"), 400, "invalid_scope")
            }
            let json = try await identity.post("/api/auth/token", ["grant_type": "client_credentials"])
            try expect(json, 415, "invalid_request")
        }
    }

    @Test("rotate with two secrets that are valid at once, and get no token once they have ended")
    func rotation() async throws {
        try await RunningIdentity.serving { identity in
            let admin = try await identity.tenant(Self.clinic, root: try await identity.rootToken())
            let account = try await identity.account(["slots:read"], by: admin)
            let one = "\(Self.path)/\(account.id)"
            let first = try await identity.secret(of: account, by: admin)
            let second = try await identity.secret(of: account, by: admin)
            let third = try await identity.post("\(one)/secrets", Ends(), token: admin.accessToken)
            #expect(third.problem == "secrets-exhausted")
            for secret in [first, second] { #expect(try await identity.token(secret).status == 200) }
            let removed = try await identity.delete("\(one)/secrets/\(first.id)", token: admin.accessToken)
            #expect(removed.status == 204)
            #expect(try await identity.token(first).status == 401)
            #expect(try await identity.token(second).status == 200)

            for (change, status) in [(["active": false], 401), (["active": true], 200)] {
                let changed = try await identity.patch(one, change, token: admin.accessToken, ifMatch: "*")
                #expect(changed.status == 200, "\(changed.text)")
                #expect(try await identity.token(second).status == status)
            }
            let end = ["expiresAt": identity.clock.now + .seconds(60)]
            #expect(try await identity.patch(one, end, token: admin.accessToken, ifMatch: "*").status == 200)
            #expect(try await identity.token(second).status == 200)
            identity.clock.advance(by: .seconds(61))
            #expect(try await identity.token(second).status == 401)
            #expect(try await identity.delete(one, token: admin.accessToken).status == 204)
            #expect(try await identity.delete(one, token: admin.accessToken).status == 404)
            #expect(try await identity.token(second).status == 401)
        }
    }

    @Test("lose their tokens at once when what these permit is withdrawn, and not otherwise")
    func ends() async throws {
        try await RunningIdentity.serving { identity in
            let admin = try await identity.tenant(Self.clinic, root: try await identity.rootToken())
            let account = try await identity.account(["audit:read", "slots:read"], by: admin)
            let one = "\(Self.path)/\(account.id)"
            let (first, second) = (
                try await identity.secret(of: account, by: admin), try await identity.secret(of: account, by: admin)
            )
            func accessToken(_ secret: NewSecretView) async throws -> String {
                let token = try await identity.token(secret).decode(Granted.self).accessToken
                try #require(try await identity.get("/api/audit", token: token).status == 200)
                return token
            }
            func change(_ body: some Encodable & Sendable, keepsTokens: Bool) async throws {
                let token = try await accessToken(second)
                let changed = try await identity.patch(one, body, token: admin.accessToken, ifMatch: "*")
                #expect(changed.status == 200, "\(changed.text)")
                let answer = try await identity.get("/api/audit", token: token)
                #expect(answer.status == (keepsTokens ? 200 : 401), "\(body)")
            }
            let now = identity.clock.now
            try await change(["name": "Autre nom"], keepsTokens: true)
            try await change(["scopes": Scope.allCases], keepsTokens: true)
            try await change(["scopes": ["audit:read"]], keepsTokens: false)
            try await change(["expiresAt": now + .seconds(3600)], keepsTokens: false)
            try await change(["expiresAt": now + .seconds(7200)], keepsTokens: true)
            try await change(["expiresAt": Instant?.none], keepsTokens: true)
            try await change(["active": false], keepsTokens: false)
            _ = try await identity.patch(one, ["active": true], token: admin.accessToken, ifMatch: "*")

            let (removed, kept) = (try await accessToken(first), try await accessToken(second))
            _ = try await identity.delete("\(one)/secrets/\(first.id)", token: admin.accessToken)
            #expect(try await identity.get("/api/audit", token: removed).status == 401)
            #expect(try await identity.get("/api/audit", token: kept).status == 200)
            _ = try await identity.delete(one, token: admin.accessToken)
            #expect(try await identity.get("/api/audit", token: kept).status == 401)
            // Every end is announced: three for each secret, and one for its removal.
            let data = try await identity.directory.store(for: Self.clinic).data
            let events = try await data.query(
                "SELECT count(*) AS n FROM outbox WHERE routing_key LIKE '%.identity.session.ended.v1.%'")
            #expect(try events[0].get("n", as: Int.self) == 8)
        }
    }

    @Test("have secrets that expire, which make room for others, and tokens that live no longer")
    func expiry() async throws {
        try await RunningIdentity.serving { identity in
            let admin = try await identity.tenant(Self.clinic, root: try await identity.rootToken())
            let account = try await identity.account(["audit:read"], by: admin)
            let end = identity.clock.now + .seconds(60)
            let short = try await identity.secret(of: account, until: end, by: admin)
            let long = try await identity.secret(of: account, by: admin)
            #expect(short.expiresAt == end)
            let token = try await identity.token(short).decode(Granted.self)
            #expect(token.expiresIn == 60)
            #expect(try await identity.token(long).decode(Granted.self).expiresIn == 600)
            identity.clock.advance(by: .seconds(60))
            #expect(try await identity.token(short).status == 401)
            #expect(try await identity.get("/api/audit", token: token.accessToken).status == 401)
            let shown = try await identity.get("\(Self.path)/\(account.id)", token: admin.accessToken)
            #expect(Set(try shown.decode(ServiceAccountView.self).secrets.map(\.id)) == [short.id, long.id])
            let next = try await identity.secret(of: account, by: admin)
            let after = try await identity.get("\(Self.path)/\(account.id)", token: admin.accessToken)
            #expect(try after.decode(ServiceAccountView.self).secrets.map(\.id) == [long.id, next.id])
        }
    }

    @Test("are as many as a tenant may have, and no more")
    func limit() async throws {
        try await RunningIdentity.serving { identity in
            let admin = try await identity.tenant(Self.clinic, root: try await identity.rootToken())
            func create(_ number: Int) async throws -> TestAnswer {
                try await identity.post(
                    Self.path, Creation(name: "Site \(number)", scopes: []), token: admin.accessToken, key: "k\(number)"
                )
            }
            for number in 1...ServiceAccount.limit { #expect(try await create(number).status == 201) }
            #expect(try await create(0).problem == "service-accounts-exhausted")
            #expect(try await create(1).status == 201)
        }
    }

    @Test("have no token of before when their tenant was closed and is opened again")
    func closedTenant() async throws {
        try await RunningIdentity.serving { identity in
            let admin = try await identity.tenant(Self.clinic, root: identity.rootToken())
            let account = try await identity.account(["audit:read"], by: admin)
            let secret = try await identity.secret(of: account, by: admin)
            let token = try await identity.token(secret).decode(Granted.self).accessToken
            #expect(try await identity.get("/api/audit", token: token).status == 200)
            let commands = TenantCommands(service: identity.service)
            _ = try await commands(["close", Self.clinic.description])
            #expect(try await identity.get("/api/audit", token: token).status == 401)
            #expect(try await identity.token(secret).status == 401)
            _ = try await commands(["reopen", Self.clinic.description])
            #expect(try await identity.get("/api/audit", token: token).status == 401)
            let later = try await identity.token(secret).decode(Granted.self).accessToken
            #expect(try await identity.get("/api/audit", token: later).status == 200)
        }
    }

    @Test("administer nothing, and are administered by administrators of their tenant alone")
    func closed() async throws {
        try await RunningIdentity.serving { identity in
            let root = try await identity.rootToken()
            let admin = try await identity.tenant(Self.clinic, root: root)
            let account = try await identity.account(Scope.allCases.map(\.rawValue), by: admin)
            let secret = try await identity.secret(of: account, by: admin)
            let token = try await identity.token(secret).decode(Granted.self).accessToken
            for path in ["/api/users", "/api/auth/me", "/api/tenants/\(Self.clinic)", Self.path] {
                #expect(try await identity.get(path, token: token).problem == "forbidden")
            }
            let own = "\(Self.path)/\(account.id)"
            let widened = try await identity.patch(own, ["scopes": ["audit:read"]], token: token, ifMatch: "*")
            #expect(widened.problem == "forbidden")
            #expect(try await identity.post("\(own)/secrets", Ends(), token: token).problem == "forbidden")
            let manager = try await identity.user("chef", .manager, by: admin, of: Self.clinic)
            #expect(try await identity.get(Self.path, token: manager.accessToken).problem == "forbidden")
            let other = try await identity.tenant("autre", root: root)
            #expect(try await identity.get("\(Self.path)/\(account.id)", token: other.accessToken).status == 404)
            let foreign = "\(Self.path)/\(account.id)/secrets/\(secret.id)"
            #expect(try await identity.delete(foreign, token: other.accessToken).status == 404)
            let same = try await identity.post(
                Self.path, Creation(name: "Site", scopes: []), token: admin.accessToken, key: "same-name")
            #expect(same.problem == "name-taken")
        }
    }
}

private struct Creation: Encodable {
    let name: String
    let scopes: [String]
}

private struct Ends: Encodable { var expiresAt: Instant? }

private struct Refused: Decodable { let error: String }

private struct Granted: Decodable {
    let accessToken: String
    let tokenType: String
    let expiresIn: Int
    let scope: String

    private enum CodingKeys: String, CodingKey {
        case accessToken = "access_token"
        case tokenType = "token_type"
        case expiresIn = "expires_in"
        case scope
    }
}

extension RunningService where Hosted == IdentityService {
    fileprivate func account(_ scopes: [String], by admin: TokenView) async throws -> ServiceAccountView {
        let created = try await post(
            "/api/service-accounts", Creation(name: "Site", scopes: scopes), token: admin.accessToken, key: "account")
        try #require(created.status == 201, "\(created.text)")
        return try created.decode(ServiceAccountView.self)
    }

    fileprivate func secret(
        of account: ServiceAccountView, until end: Instant? = nil, by admin: TokenView
    ) async throws -> NewSecretView {
        let path = "/api/service-accounts/\(account.id)/secrets"
        let made = try await post(path, Ends(expiresAt: end), token: admin.accessToken)
        try #require(made.status == 201, "\(made.text)")
        return try made.decode(NewSecretView.self)
    }

    fileprivate func token(_ secret: NewSecretView, _ further: String = "") async throws -> TestAnswer {
        try await form(
            "grant_type=client_credentials&client_id=\(secret.clientID)&client_secret=\(secret.clientSecret)\(further)")
    }

    fileprivate func form(_ body: String, _ headers: [String: String] = [:]) async throws -> TestAnswer {
        let type = ["Content-Type": "application/x-www-form-urlencoded"]
        return try await call("POST", "/api/auth/token", headers: headers.merging(type) { $1 }, body: body)
    }
}
