import EventLoop
import GuichetProtocol
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import IdentityService

@Suite("Identity as a whole process")
struct HostedTests {
    @Test("it receives its own announcements over the broker, and is ready for a tenant")
    func readiness() async throws {
        try await RunningIdentity.serving { identity in
            let root = try await identity.rootToken()
            try await identity.wait { identity in
                let tenant = try await identity.get("/api/tenants/guichet", token: root).decode(TenantView.self)
                return tenant.services.map(\.service) == [IdentityService.name]
            }
            let document = try await identity.call("GET", "/openapi.json")
            #expect(document.status == 200 && document.text.contains("/api/auth/totp/enrol"))
        }
    }

    @Test("a super administrator without an application is asked to enrol one")
    func firstLogin() async throws {
        try await RunningIdentity.serving { identity in
            _ = try await identity.service.bootstrap(Sample.root(), enrolsSecondFactor: false)
            #expect(try await identity.logIn(.platform, Sample.rootEmail).enrolmentRequired)
        }
    }
}
