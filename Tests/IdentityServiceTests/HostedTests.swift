import AMQPTesting
import EventLoop
import FoundationEssentials
import GuichetProtocol
import IdentityDomain
import PostgresTesting
import Primitives
import ServiceTesting
import Testing

@testable import IdentityService
@testable import ServiceHost

@Suite("Identity as a whole process")
struct HostedTests {
    @Test("its own announcements come back over the broker: it is ready for a tenant and says so")
    func readiness() async throws {
        try await TestDatabase.with { database in
            try await TestBroker.withVhost { broker in
                let running = try await RunningService<IdentityService>.start(database, broker)
                let app = await running.host.service.app
                _ = try await app.bootstrap(
                    email: try #require(EmailAddress(TestIdentity.rootEmail)), name: try #require(DisplayName("Racine")),
                    password: TestIdentity.password, enrolsSecondFactor: false)
                try await running.wait { _ in
                    let (_, services) = try await app.tenantCatalogue.tenant(.slug(.platform))
                    return services.map(\.service) == [IdentityService.name]
                }
                let login = try await running.call(
                    "POST", "/api/auth/login",
                    body: """
                        {"tenant":"guichet","email":"\(TestIdentity.rootEmail)","password":"\(TestIdentity.password)"}
                        """)
                #expect(try login.decode(LoginReply.self).enrolmentRequired)
                let document = try await running.call("GET", "/openapi.json")
                #expect(document.status == 200 && document.text.contains("/api/auth/totp/enrol"))
                try await running.stop()
            }
        }
    }
}
