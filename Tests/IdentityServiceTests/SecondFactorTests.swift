import Authentication
import EventLoop
import GuichetProtocol
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import IdentityService

@Suite("The second factor of administrators", .serialized)
struct SecondFactorTests {
    private static let clinic: TenantSlug = "clinique"
    private static let email = "admin@clinique.example"

    /// A tenant whose administrator has not logged in yet.
    private func prepare(_ identity: RunningIdentity) async throws {
        let created = try await identity.post(
            "/api/tenants", Sample.tenant(Self.clinic, admin: Self.email), token: identity.rootToken(), key: "k"
        )
        try #require(created.status == 201, "\(created.text)")
    }

    private func enrol(_ identity: RunningIdentity) async throws -> (uri: String, reply: EnrolmentView) {
        let enrolment = try #require(try await identity.logIn(Self.clinic, Self.email).enrolment)
        let reply = try await identity.post(
            "/api/auth/totp/enrol",
            ["ticket": enrolment.ticket, "code": identity.code(ofSecretIn: enrolment.uri)])
        return (enrolment.uri, try reply.decode(EnrolmentView.self))
    }

    private func logIn(_ identity: RunningIdentity, code: String?) async throws -> TestAnswer {
        var body = ["tenant": "clinique", "email": Self.email, "password": Sample.password]
        body["code"] = code
        return try await identity.post("/api/auth/login", body)
    }

    @Test("an administrator gets no token before the application is enrolled")
    func enrolment() async throws {
        try await RunningIdentity.serving { identity in
            try await prepare(identity)
            let first = try await identity.logIn(Self.clinic, Self.email)
            #expect(first.enrolmentRequired && first.tokens == nil)
            let ticket = try #require(first.enrolment?.ticket)
            let wrong = try await identity.post("/api/auth/totp/enrol", ["ticket": ticket, "code": "000000"])
            #expect(wrong.problem == "totp-invalid")
            let (_, reply) = try await enrol(identity)
            #expect(reply.recoveryCodes.count == 10 && Set(reply.recoveryCodes).count == 10)
            #expect(try identity.tokens.verify(reply.tokens.accessToken).role == .admin)
            #expect(reply.tokens.user.secondFactor)
            #expect(try await logIn(identity, code: nil).problem == "totp-required")
        }
    }

    @Test("a ticket counts once, for ten minutes, and the latest alone")
    func ticket() async throws {
        try await RunningIdentity.serving { identity in
            try await prepare(identity)
            @EventLoop func finish(_ enrolment: LoginView.Enrolment) async throws -> String? {
                let code = try identity.code(ofSecretIn: enrolment.uri)
                return try await identity.post(
                    "/api/auth/totp/enrol", ["ticket": enrolment.ticket, "code": code]
                ).problem
            }
            let replaced = try #require(try await identity.logIn(Self.clinic, Self.email).enrolment)
            let expired = try #require(try await identity.logIn(Self.clinic, Self.email).enrolment)
            #expect(try await finish(replaced) == "enrolment-ticket-invalid")
            identity.clock.advance(by: .seconds(601))
            #expect(try await finish(expired) == "enrolment-ticket-invalid")
            let good = try #require(try await identity.logIn(Self.clinic, Self.email).enrolment)
            #expect(try await finish(good) == nil)
            #expect(try await finish(good) == "enrolment-ticket-invalid")
        }
    }

    @Test("a code counts once, however many present it at the same time")
    func once() async throws {
        try await RunningIdentity.serving { identity in
            try await prepare(identity)
            let (uri, _) = try await enrol(identity)
            let used = try await logIn(identity, code: try identity.code(ofSecretIn: uri))
            #expect(used.problem == "totp-invalid")
            identity.clock.advance(by: .seconds(30))
            let code = try identity.code(ofSecretIn: uri)
            let tasks = (0..<4).map { _ in Task { @EventLoop in try await logIn(identity, code: code).status } }
            var statuses: [Int] = []
            for task in tasks { statuses.append(try await task.value) }
            #expect(statuses.sorted() == [200, 401, 401, 401])
        }
    }

    @Test("a code may be grouped as applications show it", arguments: ["123 456", "123-456", " 123456 ", "٣ digits"])
    func grouped(form: String) async throws {
        try await RunningIdentity.serving { identity in
            try await prepare(identity)
            let (uri, _) = try await enrol(identity)
            identity.clock.advance(by: .seconds(30))
            let code = try identity.code(ofSecretIn: uri)
            let typed =
                switch form {
                case "123 456": "\(code.prefix(3)) \(code.suffix(3))"
                case "123-456": "\(code.prefix(3))-\(code.suffix(3))"
                case " 123456 ": " \(code) "
                default:
                    String(
                        String.UnicodeScalarView(code.unicodeScalars.compactMap { Unicode.Scalar($0.value + 0x630) }))
                }
            #expect(try await logIn(identity, code: typed).status == 200, "\(typed)")
        }
    }

    @Test("a recovery code replaces a code once")
    func recovery() async throws {
        try await RunningIdentity.serving { identity in
            try await prepare(identity)
            let code = try await enrol(identity).reply.recoveryCodes[3]
            #expect(try await logIn(identity, code: code.lowercased()).status == 200)
            #expect(try await logIn(identity, code: code).problem == "totp-invalid")
            #expect(try await logIn(identity, code: "AAAAA-AAAAA").problem == "totp-invalid")
        }
    }

    @Test("recovery codes are replaced for password and code, and the earlier ones are refused")
    func renewal() async throws {
        try await RunningIdentity.serving { identity in
            try await prepare(identity)
            let (uri, reply) = try await enrol(identity)
            func renew(_ password: String, _ code: String) async throws -> TestAnswer {
                try await identity.post(
                    "/api/auth/recovery-codes", ["password": password, "code": code], token: reply.tokens.accessToken)
            }
            #expect(try await renew("faux mot de passe", reply.recoveryCodes[0]).problem == "invalid-credentials")
            #expect(try await renew(Sample.password, "AAAAA-AAAAA").problem == "totp-invalid")
            identity.clock.advance(by: .seconds(30))
            let renewed = try await renew(Sample.password, try identity.code(ofSecretIn: uri))
            let codes = try renewed.decode(RecoveryCodesView.self).recoveryCodes
            #expect(Set(codes).count == 10 && Set(codes).isDisjoint(with: reply.recoveryCodes))
            #expect(try await logIn(identity, code: reply.recoveryCodes[0]).problem == "totp-invalid")
            #expect(try await logIn(identity, code: codes[0]).status == 200)
            let trail = try await identity.get("/api/audit", token: reply.tokens.accessToken).text
            #expect(trail.split(separator: "recovery-codes.renew").count == 4)
        }
    }

    @Test("the first super administrator is given recovery codes, once")
    func bootstrapCodes() async throws {
        try await RunningIdentity.serving { identity in
            let codes = try await identity.bootstrap().recoveryCodes
            #expect(codes.count == 10)
            #expect(try await identity.bootstrap().recoveryCodes.isEmpty)
            let login = try await identity.logIn(.platform, Sample.rootEmail, code: codes[2].description)
            let token = try #require(login.tokens).accessToken
            let trail = try await identity.get("/api/audit", token: token).text
            #expect(trail.contains("\"bootstrap\"") && trail.contains("console"))
        }
    }

    @Test("the first super administrator is created once, and the enrolment can be printed again")
    func bootstrap() async throws {
        try await RunningIdentity.serving { identity in
            let first = try await identity.rootToken()
            identity.clock.advance(by: .seconds(30))
            let again = try await identity.rootToken()
            let users = [try identity.tokens.verify(first), try identity.tokens.verify(again)].map(\.userID)
            #expect(users[0] == users[1])
            let list = try await identity.get("/api/users", token: again).text
            #expect(list.contains("super_admin") && list.contains("\"secondFactor\":true"))
        }
    }
}
