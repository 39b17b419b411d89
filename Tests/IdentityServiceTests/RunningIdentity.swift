import AMQPTesting
import Authentication
import Cryptography
import EventLoop
import GuichetProtocol
import IdentityDomain
import PostgresTesting
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import IdentityService

typealias RunningIdentity = RunningService<IdentityService>

extension RunningService where Hosted == IdentityService {
    var service: IdentityService { host.service }
    var tokens: TokenVerifier { host.platform.tokens }
    var directory: TenantDirectory { host.platform.directory }

    /// Lends Identity with no tenant, at a stopped clock and with passwords that are cheap to hash.
    static func serving(
        _ environment: [String: String] = [:], _ body: @EventLoop (RunningIdentity) async throws -> Void
    ) async throws {
        let environment = ["GUICHET_IDENTITY_ATTEMPTS_PER_MINUTE": "10000"].merging(environment) { $1 }
        let clock = TestClock()
        // A whole step of authenticator applications.
        clock.stop(at: Instant(seconds: Instant.now.seconds / 30 * 30 + 30))
        let cost = try #require(ScryptCost(logN: 4, blockSize: 8, parallelism: 1))
        try await TestDatabase.with { database in
            try await TestBroker.withVhost { broker in
                let identity = try await PasswordHasher.$cost.withValue(cost) {
                    try await start(database, broker, environment, clock: clock)
                }
                do {
                    try await identity.wait { $0.service.keys.published.version > 0 }
                    try await body(identity)
                    try await identity.stop()
                } catch {
                    try? await identity.stop()  // What went wrong first is what matters.
                    throw error
                }
            }
        }
    }

    /// Runs the operator command `bootstrap`.
    func bootstrap() async throws -> Bootstrap.Enrolment {
        try #require(try await service.bootstrap(Sample.root(), enrolsSecondFactor: true))
    }

    /// The access token of a super administrator.
    func rootToken() async throws -> String {
        let uri = try await bootstrap().uri
        let login = try await logIn(.platform, Sample.rootEmail, code: code(ofSecretIn: uri))
        return try #require(login.tokens).accessToken
    }

    /// Creates a tenant and enrols its administrator; returns the administrator's tokens.
    func tenant(_ slug: TenantSlug, root: String) async throws -> TokenView {
        let email = "admin@\(slug).example"
        let created = try await post(
            "/api/tenants", Sample.tenant(slug, admin: email), token: root, key: "create-\(slug)")
        try #require(created.status == 201, "\(created.text)")
        return try await enrol(slug, email)
    }

    /// Has the first administrator create another one, and enrols them.
    func administrator(_ name: String, by admin: TokenView, of slug: TenantSlug) async throws -> TokenView {
        try await create(name, .admin, by: admin)
        return try await enrol(slug, "\(name)@people.example")
    }

    /// Has an administrator create a user; returns the user's tokens.
    func user(_ name: String, _ role: Role, by admin: TokenView, of slug: TenantSlug) async throws -> TokenView {
        try await create(name, role, by: admin)
        return try #require(try await logIn(slug, "\(name)@people.example").tokens)
    }

    func logIn(_ tenant: TenantSlug, _ email: String, code: String? = nil) async throws -> LoginView {
        var body = ["tenant": tenant.description, "email": email, "password": Sample.password]
        body["code"] = code
        return try await post("/api/auth/login", body).decode(LoginView.self)
    }

    /// What an authenticator application with this enrolment shows now.
    func code(ofSecretIn uri: String) throws -> String {
        let secret = try #require(uri.firstMatch(of: /secret=([A-Z2-7]+)/))
        return TOTP(secret: try #require(BaseEncoding.base32.decode(secret.1))).code(at: clock.now)
    }

    private func create(_ name: String, _ role: Role, by admin: TokenView) async throws {
        let created = try await post(
            "/api/users", Sample.user(name, role), token: admin.accessToken, key: UserID.new().description)
        try #require(created.status == 201, "\(created.text)")
    }

    private func enrol(_ slug: TenantSlug, _ email: String) async throws -> TokenView {
        let enrolment = try #require(try await logIn(slug, email).enrolment)
        let finished = try await post(
            "/api/auth/totp/enrol", ["ticket": enrolment.ticket, "code": code(ofSecretIn: enrolment.uri)])
        return try finished.decode(EnrolmentView.self).tokens
    }
}
