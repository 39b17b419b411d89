import Authentication
import Cryptography
import EventLoop
import FoundationEssentials
import GuichetProtocol
import HTTPServer
import Idempotency
import IdentityDomain
import Messaging
import PostgresTesting
import Primitives
import Runtime
import Synchronization
import Tenancy
import Testing

@testable import IdentityService
@testable import ServiceHost

/// Identity as its main builds it, on a database of its own and real HTTP, at a time that the test sets.
@EventLoop
final class TestIdentity {
    nonisolated static let rootEmail = "root@guichet.example"
    nonisolated static let password = "tasse-nuage-42-vélo"

    let clock = TestClock()
    let directory: TenantDirectory
    let app: IdentityApp
    let tokens: TokenVerifier
    private let server: HTTPServer

    /// Speaks HTTP with the service.
    var client: TestClient { TestClient(port: server.port) }

    private init(_ database: TestDatabase, adjust: (inout IdentityConfiguration) -> Void) async throws {
        let clock = self.clock
        let servers = DatabaseServers([.init(name: "main", primary: database.configuration)])
        directory = TenantDirectory(
            service: IdentityService.name, servers: servers,
            registry: [.messaging, .idempotency] + IdentityService.registryMigrations,
            tenants: [.messaging, .idempotency] + IdentityService.tenantMigrations)
        try await directory.open()
        var configuration = IdentityConfiguration(
            tokenIssuer: "https://guichet.test", tokenAudience: "guichet", databases: servers.names)
        configuration.attemptsPerMinute = 10_000
        configuration.passwordCost = try #require(ScryptCost(logN: 4, blockSize: 8, parallelism: 1))
        adjust(&configuration)
        let tokens = TokenVerifier(
            issuer: configuration.tokenIssuer, audience: configuration.tokenAudience, leeway: .seconds(10),
            cacheLimit: 100, now: { clock.now })
        let app = IdentityApp(
            Dependencies(
                directory: directory, keyRing: try KeyRing(configuration: "test:\(Self.key(1))"),
                blindIndex: try BlindIndex(configuration: Self.key(2)),
                blocking: BlockingPool(threads: 2, waiting: 256),
                tokens: tokens, configuration: configuration, announced: {}, now: { clock.now }),
            cursors: CursorCodec(key: [1, 2, 3]))
        (self.app, self.tokens) = (app, tokens)
        try await app.maintainSigningKeys()
        server = try HTTPServer(
            on: .init(host: "127.0.0.1", port: 0), routes: app.routes, limits: .standard, metrics: MetricsRegistry(),
            authenticate: { try tokens.verify($0) },
            problem: { IdentityService.problem($0) ?? PlatformProblems.problem($0) }, refused: { app.refused($0) })
    }

    /// Lends a running service with nothing but the platform's tenant in it.
    static func with(
        adjust: (inout IdentityConfiguration) -> Void = { _ in },
        _ body: @EventLoop (TestIdentity) async throws -> Void
    ) async throws {
        try await TestDatabase.with { database in
            let identity = try await TestIdentity(database, adjust: adjust)
            do {
                try await body(identity)
                await identity.server.drain(within: .seconds(2))
            } catch {
                await identity.server.drain(within: .seconds(2))
                throw error
            }
        }
    }

    /// What the command of that name does.
    func bootstrap() async throws -> Bootstrap.Enrolment {
        let address = try #require(EmailAddress(Self.rootEmail))
        let enrolment = try await app.bootstrap(
            email: address, name: try #require(DisplayName("Racine")), password: Self.password, enrolsSecondFactor: true)
        return try #require(enrolment)
    }

    /// The access token of a super administrator.
    func rootToken() async throws -> String {
        let uri = try await bootstrap().uri
        let login = try await logIn(.platform, Self.rootEmail, code: code(ofSecretIn: uri))
        return try #require(login.tokens).accessToken
    }

    /// A tenant with its administrator enrolled; the administrator's tokens.
    func tenant(_ slug: TenantSlug, root: String) async throws -> TokenReply {
        let email = "admin@\(slug).example"
        let created = try await client.post(
            "/api/tenants", Self.creation(slug, admin: email), token: root, key: "create-\(slug)")
        try #require(created.status == 201, "\(created.text)")
        return try await enrol(slug, email)
    }

    /// One more administrator of the tenant, made by the first and enrolled.
    func administrator(_ name: String, by admin: TokenReply, of slug: TenantSlug) async throws -> TokenReply {
        let created = try await client.post(
            "/api/users", Self.user(name, .admin), token: admin.accessToken, key: UserID.new().description)
        try #require(created.status == 201, "\(created.text)")
        return try await enrol(slug, "\(name)@people.example")
    }

    private func enrol(_ slug: TenantSlug, _ email: String) async throws -> TokenReply {
        let login = try await logIn(slug, email)
        let enrolment = try #require(login.enrolment)
        let finished = try await client.post(
            "/api/auth/totp/enrol", ["ticket": enrolment.ticket, "code": code(ofSecretIn: enrolment.uri)])
        return try finished.json(EnrolmentReply.self).tokens
    }

    /// A user of the tenant, made by its administrator; the user's tokens.
    func user(_ name: String, _ role: Role, by admin: TokenReply, of slug: TenantSlug) async throws -> TokenReply {
        let created = try await client.post(
            "/api/users", Self.user(name, role), token: admin.accessToken, key: UserID.new().description)
        try #require(created.status == 201, "\(created.text)")
        return try #require(try await logIn(slug, "\(name)@people.example").tokens)
    }

    func logIn(_ tenant: TenantSlug, _ email: String, code: String? = nil) async throws -> LoginReply {
        var body = ["tenant": tenant.description, "email": email, "password": Self.password]
        body["code"] = code
        return try await client.post("/api/auth/login", body).json(LoginReply.self)
    }

    /// What an authenticator application with this enrolment shows now.
    func code(ofSecretIn uri: String) throws -> String {
        let secret = try #require(uri.firstMatch(of: /secret=([A-Z2-7]+)/))
        return TOTP(secret: try #require(BaseEncoding.base32.decode(secret.1))).code(at: clock.now)
    }

    nonisolated static func creation(_ slug: TenantSlug, admin: String? = nil) -> [String: JSONText] {
        var body: [String: JSONText] = [
            "slug": .text(slug.description), "name": "Clinique dentaire", "address": "Cité 109, El Achour, Alger",
            "timeZone": "Africa/Algiers", "locale": "fr-DZ", "phoneCountry": "DZ",
        ]
        if let admin {
            body["admin"] = .object(["email": admin, "name": "Amel K.", "password": Self.password])
        }
        return body
    }

    nonisolated static func user(_ name: String, _ role: Role) -> [String: String] {
        ["email": "\(name)@people.example", "name": "Personne \(name)", "role": role.rawValue, "password": password]
    }

    nonisolated private static func key(_ byte: UInt8) -> String {
        BaseEncoding.base64.encode([UInt8](repeating: byte, count: 32)) + "="
    }
}

/// Text or one object of texts, which is all that bodies here hold.
enum JSONText: Encodable, ExpressibleByStringLiteral {
    case text(String)
    case object([String: String])

    init(stringLiteral text: String) { self = .text(text) }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .object(let object): try container.encode(object)
        }
    }
}

/// A clock that moves when the test says so.
final class TestClock: Sendable {
    // A whole step of authenticator applications before any test begins to count.
    private let instant = Mutex(Instant(seconds: Instant.now.seconds / 30 * 30))

    var now: Instant { instant.withLock { $0 } }

    func advance(by duration: Duration) { instant.withLock { $0 = $0 + duration } }
}
