import Authentication
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import BookingService

@Suite("The statements of Booking")
struct StatementTests {
    @Test("can be planned by PostgreSQL, each of them", arguments: [Role.staff, .patient])
    func planning(role: Role) async throws {
        try await ClinicFixture.with { clinic in
            let principal = Principal(
                userID: .new(), tenant: ClinicFixture.tenant.slug, role: role, sessionID: .new(), expiresAt: .now)
            let caller = Caller(principal, network: ClientNetwork(of: "192.0.2.1"))
            let platform = clinic.service.host.platform
            let patients = PatientRecords(keyRing: platform.keyRing, blindIndex: platform.blindIndex)
            let statements = BookingQueries.samples(patients, caller)
            #expect(statements.count > 30)
            let refusals = try await clinic.service.refusals(of: statements, in: ClinicFixture.tenant.slug)
            #expect(refusals == [])
        }
    }

    @Test("are refused by that test where they are wrong")
    func refusal() async throws {
        try await ClinicFixture.with { clinic in
            let wrong: SQL = "SELECT colour FROM resources"
            let right: SQL = "SELECT name FROM resources"
            let refusals = try await clinic.service.refusals(of: [right, wrong], in: ClinicFixture.tenant.slug)
            #expect(refusals.count == 1)
            #expect(refusals.first?.contains("colour") == true)
        }
    }
}
