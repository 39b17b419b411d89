import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import ServiceTesting
import Tenancy
import Testing

@Suite("The audit of appointments")
struct AppointmentAuditTests {
    private struct Line: Hashable {
        let action: String
        let patient: PatientID
    }

    @Test("a list leaves one line for each patient on the page, and none for whom it does not show")
    func lists() async throws {
        try await ClinicFixture.with { clinic in
            let (yasmine, karim) = (try await clinic.register("Yasmine B."), try await clinic.register("Karim B."))
            for (hour, patient) in [(9, yasmine), (10, yasmine), (11, karim)] {
                _ = try await Self.book(patient, hour, clinic)
            }
            try await Self.hold(at: 14, clinic)
            let all = try await Self.lines(clinic) { _ = try await clinic.ask("GET", "/api/appointments") }
            #expect(
                Set(all) == [
                    Line(action: "list_appointments", patient: yasmine),
                    .init(action: "list_appointments", patient: karim),
                ])
            #expect(all.count == 2)
            let page = try await Self.lines(clinic) { _ = try await clinic.ask("GET", "/api/appointments?limit=2") }
            #expect(page == [Line(action: "list_appointments", patient: yasmine)])
            let strangers = try await Self.lines(clinic) {
                _ = try await clinic.ask("GET", "/api/appointments", as: .patient)
            }
            #expect(strangers.isEmpty)
        }
    }

    @Test("reading an appointment and its history leaves a line, unless there is no patient or nothing to see")
    func readings() async throws {
        try await ClinicFixture.with { clinic in
            let user = UserID.new()
            let patient = try await clinic.register("Yasmine B.", as: .patient, user: user)
            _ = try await clinic.ask("PUT", "/api/patients/\(patient)/account", as: .staff, "{}")
            let path = try await Self.book(patient, 9, clinic)
            let held = try await Self.hold(at: 14, clinic)
            let lines = try await Self.lines(clinic) {
                let answers = try await [
                    clinic.ask("GET", path), clinic.ask("GET", path, as: .patient, user: user),
                    clinic.ask("GET", path, as: .patient), clinic.ask("GET", "\(path)/history"),
                    clinic.ask("GET", held), clinic.ask("GET", "\(held)/history"),
                ]
                #expect(answers.map(\.status) == [200, 200, 404, 200, 200, 200])
            }
            #expect(lines.map(\.action) == ["read_appointment", "read_appointment", "read_history"])
            #expect(lines.allSatisfy { $0.patient == patient })
        }
    }

    /// Books for the patient; the path of the appointment.
    @EventLoop private static func book(
        _ patient: PatientID, _ hour: Int, _ clinic: ClinicFixture
    ) async throws -> String {
        let body = #"{"careType": "consultation", "start": "\#(clinic.instant(hour))", "patientId": "\#(patient)"}"#
        return try await made(clinic.ask("POST", "/api/appointments/create", as: .staff, body))
    }

    @discardableResult
    @EventLoop private static func hold(at hour: Int, _ clinic: ClinicFixture) async throws -> String {
        let body = #"{"careType": "consultation", "start": "\#(clinic.instant(hour))"}"#
        return try await made(clinic.ask("POST", "/api/appointments/holds", as: .staff, body))
    }

    private static func made(_ answer: TestAnswer) throws -> String {
        #expect(answer.status == 201, "\(answer.text)")
        return "/api/appointments/\(try answer.decode(AppointmentAnswer.self).id.uuidString.lowercased())"
    }

    /// The lines that `body` leaves, in their order.
    @EventLoop private static func lines(
        _ clinic: ClinicFixture, of body: @EventLoop () async throws -> Void
    ) async throws -> [Line] {
        let last: Int = try await clinic.data.query("SELECT coalesce(max(id), 0) AS last FROM access_audit")[0].get(
            "last")
        try await body()
        return try await clinic.data.query("SELECT action, patient FROM access_audit WHERE id > \(last) ORDER BY id")
            .map { Line(action: try $0.get("action"), patient: try $0.get("patient")) }
    }
}
