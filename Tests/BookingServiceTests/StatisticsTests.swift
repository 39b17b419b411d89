import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import ServiceTesting
import Tenancy
import Testing

@Suite("Statistics")
struct StatisticsTests {
    private struct Answer: Decodable {
        struct Person: Decodable {
            struct Named: Decodable { let id: PractitionerID }
            let practitioner: Named
            let appointments, bookedMinutes, openMinutes: Int
            let occupancy: Double?
        }
        let byStatus: [String: Int]
        let byCareType: [String: Int]
        let byPractitioner: [Person]
        let noShowRate: Double?
        let occupancy: Double?
        let medianLeadMinutes: Int?
    }

    @Test("count what was booked against what was open")
    func counts() async throws {
        try await ClinicFixture.with { clinic in
            for (hour, phone) in [(9, "+213551234561"), (10, "+213551234562"), (11, "+213551234563")] {
                _ = try await clinic.book(clinic.instant(hour), with: clinic.amina, phone: phone)
            }
            let off = try await clinic.book(clinic.instant(12), with: clinic.karim).decode(AppointmentAnswer.self)
            _ = try await clinic.ask("DELETE", "/api/appointments/\(off.id)", as: .staff)
            // Tomorrow has passed for two of them.
            try await clinic.data.batch([
                "UPDATE appointments SET status = 'completed' WHERE starts_at = \(clinic.instant(9))",
                "UPDATE appointments SET status = 'no_show' WHERE starts_at = \(clinic.instant(10))",
                "UPDATE appointments SET created_at = starts_at - interval '120 minutes'",
            ])
            let day = clinic.day()
            let answer = try await clinic.ask("GET", "/api/statistics?from=\(day)&to=\(day)")
            let numbers = try answer.decode(Answer.self)
            #expect(numbers.byStatus == ["completed": 1, "no_show": 1, "confirmed": 1, "cancelled": 1])
            #expect(numbers.byCareType == ["consultation": 4])
            let amina = try #require(numbers.byPractitioner.first { $0.practitioner.id == clinic.amina })
            #expect(amina.appointments == 3)
            #expect(amina.bookedMinutes == 90)
            #expect(amina.openMinutes == 600)
            #expect(amina.occupancy == 0.15)
            #expect(numbers.occupancy == 0.075)
            #expect(numbers.noShowRate == 0.5)
            #expect(numbers.medianLeadMinutes == 120)

            _ = try await clinic.ask(
                "PUT", "/api/practitioners/\(clinic.karim)/exceptions/\(day)", #"{"hours": []}"#)
            let closed = try await clinic.ask("GET", "/api/statistics?from=\(day)&to=\(day)").decode(Answer.self)
            #expect(closed.byPractitioner.first { $0.practitioner.id == clinic.karim }?.occupancy == nil)
            #expect(closed.occupancy == 0.15)
        }
    }

    @Test("cover 92 days at most, in order")
    func bounds() async throws {
        try await ClinicFixture.with { clinic in
            for (period, status) in [
                ("from=2026-01-01&to=2026-04-02", 200), ("from=2026-01-01&to=2026-04-03", 400),
                ("from=2026-01-02&to=2026-01-01", 400), ("from=2026-01-01", 400),
                ("from=2026-02-30&to=2026-03-01", 400),
            ] {
                let answer = try await clinic.ask("GET", "/api/statistics?\(period)")
                #expect(answer.status == status, "\(period)")
            }
        }
    }
}
