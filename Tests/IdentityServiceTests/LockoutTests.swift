import EventLoop
import GuichetProtocol
import IdentityDomain
import Primitives
import ServiceTesting
import Testing

@testable import IdentityService

@Suite("Lockout", .serialized)
struct LockoutTests {
    private static let clinic: TenantSlug = "clinique"
    private static let sara = "sara@people.example"
    private static let wrong = "un-autre-mot-de-passe"

    /// Lends Identity with a clinic, its administrator's token, and a user who has logged in from `2001:db8:0:1::/64`.
    private func attacked(
        _ body: @EventLoop (RunningIdentity, _ admin: TokenView, _ user: TokenView) async throws -> Void
    ) async throws {
        try await RunningIdentity.serving { identity in
            let admin = try await identity.tenant(Self.clinic, root: identity.rootToken())
            _ = try await identity.user("sara", .staff, by: admin, of: Self.clinic)
            let login = try await attempt(identity, Self.sara, Sample.password, from: "2001:db8:0:1::1")
            try await body(identity, admin, #require(login.decode(LoginView.self).tokens))
        }
    }

    @EventLoop
    private func attempt(
        _ identity: RunningIdentity, _ email: String = sara, _ password: String = wrong,
        from address: String = "192.0.2.1",
        device refreshToken: String? = nil, tenant: TenantSlug = clinic
    ) async throws -> TestAnswer {
        var body = #""tenant":"\#(tenant)","email":"\#(email)","password":"\#(password)""#
        if let refreshToken { body += #","refreshToken":"\#(refreshToken)""# }
        return try await identity.call(
            "POST", "/api/auth/login",
            headers: ["X-Forwarded-For": address, "X-Gateway-Secret": RunningIdentity.gatewaySecret],
            body: "{\(body)}")
    }

    /// What that many attempts at once are answered, each from a network of its own: how often which problem.
    @EventLoop
    private func flood(
        _ identity: RunningIdentity, _ count: Int, tenant: TenantSlug = clinic
    ) async throws -> [String: Int] {
        let tasks = (0..<count).map { number in
            Task { @EventLoop in
                try await attempt(identity, from: "2001:db8:9:\(String(number, radix: 16))::1", tenant: tenant).problem
            }
        }
        var problems: [String: Int] = [:]
        for task in tasks { problems[try await task.value ?? "none", default: 0] += 1 }
        return problems
    }

    @Test("after five wrong passwords the right one does not help for a minute, existing account or not")
    func fifthAttempt() async throws {
        try await attacked { identity, _, _ in
            for email in [Self.sara, "inconnue@people.example"] {
                for _ in 0..<5 { #expect(try await attempt(identity, email).problem == "invalid-credentials") }
                let locked = try await attempt(identity, email, Sample.password)
                #expect(locked.status == 429 && locked.problem == "too-many-attempts")
                #expect(locked.headers["retry-after"] == "60")
            }
            identity.clock.advance(by: .seconds(61))
            #expect(try await attempt(identity, Self.sara, Sample.password).status == 200)
            // Success resets the count.
            #expect(try await attempt(identity).problem == "invalid-credentials")
            #expect(try await attempt(identity, Self.sara, Sample.password).status == 200)
        }
    }

    @Test("concurrent attempts from one network are counted one by one")
    func oneNetwork() async throws {
        try await attacked { identity, _, _ in
            let tasks = (0..<16).map { _ in Task { @EventLoop in try await attempt(identity).problem } }
            var problems: [String: Int] = [:]
            for task in tasks { problems[try await task.value ?? "none", default: 0] += 1 }
            #expect(problems == ["invalid-credentials": 5, "too-many-attempts": 11])
        }
    }

    @Test("a stranger locks out their own network, an IPv6 /64 as a whole, and no other")
    func stranger() async throws {
        try await attacked { identity, _, _ in
            for host in 1...5 { #expect(try await attempt(identity, from: "2001:db8::\(host)").status == 401) }
            let neighbour = try await attempt(identity, from: "2001:db8::ffff")
            #expect(neighbour.problem == "too-many-attempts")
            #expect(try await attempt(identity, Self.sara, Sample.password, from: "2001:db8:0:2::1").status == 200)
            #expect(try await attempt(identity, Self.sara, Sample.password, from: "2001:db8::ffff").status == 429)
        }
    }

    @Test(
        "of many strangers at once a hundred may try; then only the user's networks and devices, whatever they go on doing"
    )
    func strangers() async throws {
        try await attacked { identity, _, user in
            #expect(try await flood(identity, 150) == ["invalid-credentials": 100, "too-many-attempts": 50])
            @EventLoop func login(from address: String, device: String? = nil) async throws -> Int {
                try await attempt(identity, Self.sara, Sample.password, from: address, device: device).status
            }
            #expect(try await login(from: "203.0.113.1") == 429, "a new network and a new device")
            #expect(try await login(from: "203.0.113.1", device: "clinique.inconnu") == 429)
            for _ in 0..<5 { _ = try await attempt(identity, from: "2001:db8:0:1::2") }
            #expect(try await login(from: "2001:db8:0:1::2") == 429, "a stranger guesses from the user's network, too")
            let ended = try await identity.call("POST", "/api/auth/logout", token: user.accessToken)
            #expect(ended.status == 204)
            #expect(try await login(from: "2001:db8:0:1::2", device: user.refreshToken) == 200)
            // That success has reset the count of all; the next strangers reach the limit again.
            #expect(try await flood(identity, 150)["too-many-attempts", default: 0] >= 50)
            identity.clock.advance(by: .seconds(61))
            #expect(try await login(from: "2001:db8:0:1::3") == 200, "known")
        }
    }

    @Test("a device has five attempts like a network, and a token of another user is none")
    func device() async throws {
        try await attacked { identity, admin, user in
            for _ in 0..<5 {
                #expect(try await attempt(identity, device: user.refreshToken).problem == "invalid-credentials")
            }
            let own = try await attempt(identity, Self.sara, Sample.password, device: user.refreshToken)
            #expect(own.problem == "too-many-attempts")
            for _ in 0..<5 { _ = try await attempt(identity, device: admin.refreshToken) }
            let foreign = try await attempt(identity, Self.sara, Sample.password, device: admin.refreshToken)
            #expect(foreign.problem == "too-many-attempts", "counted for the network")
        }
    }

    @Test("a user who is logged in proves their password under a count of their session")
    func session() async throws {
        try await attacked { identity, _, user in
            _ = try await flood(identity, 120)
            @EventLoop func change(_ current: String) async throws -> String? {
                try await identity.post(
                    "/api/auth/password", ["currentPassword": current, "newPassword": "quatre mots bien longs"],
                    token: user.accessToken
                ).problem
            }
            for _ in 0..<5 { #expect(try await change(Self.wrong) == "invalid-credentials") }
            #expect(try await change(Sample.password) == "too-many-attempts")
            identity.clock.advance(by: .seconds(61))
            #expect(try await change(Sample.password) == nil)
        }
    }

    @Test("a password that an administrator sets lifts the lockout, while strangers go on")
    func lifted() async throws {
        try await attacked { identity, admin, user in
            _ = try await flood(identity, 150)
            #expect(try await attempt(identity, Self.sara, Sample.password).status == 429)
            let reset = try await identity.patch(
                "/api/users/\(user.user.id)", ["password": Sample.password], token: admin.accessToken, ifMatch: "*")
            #expect(reset.status == 200)
            #expect(try await attempt(identity, Self.sara, Sample.password).status == 200)
            // Counting, lifting and logging in at once neither wait for each other in a circle nor fail.
            let attack = Task { @EventLoop in try await flood(identity, 60) }
            for _ in 0..<5 {
                let reset = try await identity.patch(
                    "/api/users/\(user.user.id)", ["password": Sample.password], token: admin.accessToken, ifMatch: "*")
                #expect(reset.status == 200)
            }
            let problems = try await attack.value
            #expect(Set(problems.keys).isSubset(of: ["invalid-credentials", "too-many-attempts"]), "\(problems)")
        }
    }

    @Test("tenants that do not exist are locked like those that exist, as a whole, too")
    func unknownTenant() async throws {
        try await attacked { identity, _, _ in
            let unknown: TenantSlug = "nulle-part"
            for tenant in [Self.clinic, unknown] {
                for _ in 0..<5 {
                    #expect(try await attempt(identity, "x@people.example", tenant: tenant).status == 401)
                }
            }
            var (known, other) = (
                try await attempt(identity, "x@people.example"),
                try await attempt(identity, "x@people.example", tenant: unknown)
            )
            #expect(known.text == other.text && other.problem == "too-many-attempts")
            #expect(known.headers["retry-after"] == other.headers["retry-after"])
            #expect(try await flood(identity, 110) == flood(identity, 110, tenant: unknown))
            (known, other) = (
                try await attempt(identity, from: "203.0.113.1"),
                try await attempt(identity, from: "203.0.113.1", tenant: unknown)
            )
            #expect(known.text == other.text && other.problem == "too-many-attempts")
        }
    }

    @Test("a refusal takes as long for a tenant that does not exist")
    func timing() async throws {
        try await attacked { identity, _, _ in
            let token = String(repeating: "A", count: 43)
            let requests: [@EventLoop (TenantSlug, Int) async throws -> TestAnswer] = [
                { try await attempt(identity, "x\($1)@people.example", tenant: $0) },
                { tenant, _ in try await identity.post("/api/auth/refresh", ["refreshToken": "\(tenant).\(token)"]) },
            ]
            for request in requests {
                var times: [TenantSlug: [Duration]] = [:]
                for number in 0..<40 {
                    for tenant in [Self.clinic, "nulle-part"] {
                        let start = ContinuousClock.now
                        #expect(try await request(tenant, number).status == 401)
                        times[tenant, default: []].append(.now - start)
                    }
                }
                let medians = times.mapValues { $0.sorted()[$0.count / 2] }
                let (known, unknown) = (try #require(medians[Self.clinic]), try #require(medians["nulle-part"]))
                #expect(unknown < known * 2 && known < unknown * 2, "\(known), \(unknown)")
            }
        }
    }
}
