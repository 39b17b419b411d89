import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import ServiceTesting
import Tenancy
import Testing

@Suite("At the reception")
struct ReceptionTests {
    private struct Slots: Decodable {
        struct Slot: Decodable { let start: Instant }
        let slots: [Slot]
    }

    private struct Warned: Decodable {
        struct Warning: Decodable {
            let code: String
            let appointments: [UUID]
        }
        let id: UUID
        let warnings: [Warning]?
    }

    private func slots(_ clinic: ClinicFixture, _ query: String, as role: Role = .staff) async throws -> [Instant] {
        let answer = try await clinic.ask("GET", "/api/slots?\(query)", as: role)
        #expect(answer.status == 200, "\(answer.text)")
        return try answer.decode(Slots.self).slots.map(\.start)
    }

    @Test("an appointment that is to be moved does not stand in its own way")
    func moving() async throws {
        try await ClinicFixture.with { clinic in
            let booked = try await clinic.book(clinic.instant(9), with: clinic.amina)
            let id = try booked.decode(AppointmentAnswer.self).id.uuidString.lowercased()
            let query = """
                careType=consultation&practitioner=\(clinic.amina)&from=\(clinic.instant(9))&to=\(clinic.instant(10))
                """
            #expect(try await slots(clinic, query) == [clinic.instant(9, 30), clinic.instant(9, 45)])
            #expect(try await slots(clinic, "\(query)&except=\(id)").count == 4)
            let foreign = try await clinic.ask("GET", "/api/slots?\(query)&except=\(id)", as: .patient)
            #expect(foreign.status == 404)
            _ = try await clinic.book(clinic.instant(8, 30), with: clinic.amina)
            let refused = try await clinic.ask(
                "PATCH", "/api/appointments/\(id)", as: .staff, seen: 1,
                #"{"start": "\#(clinic.instant(8, 30))", "practitioner": "\#(clinic.amina)"}"#)
            let alternatives = try refused.decode(Refusal.self).alternatives
            #expect(alternatives.contains { $0.start == clinic.instant(9, 15) }, "\(refused.text)")
        }
    }

    @Test("books who comes without an appointment within the lead time; patients cannot")
    func walkIn() async throws {
        try await ClinicFixture.with { clinic in
            try await clinic.data.query("UPDATE calendar SET lead_time_minutes = 4320, version = version + 1")
            let window = "careType=consultation&from=\(clinic.instant(9))&to=\(clinic.instant(11))"
            #expect(try await slots(clinic, window, as: .patient).isEmpty)
            #expect(try await !slots(clinic, window).isEmpty)
            let body = clinic.booking(clinic.instant(9))
            let patient = try await clinic.ask("POST", "/api/appointments/create", as: .patient, body)
            #expect(try patient.decode(Refusal.self).code == "slot-too-soon")
            #expect(try await clinic.ask("POST", "/api/appointments/create", as: .staff, body).status == 201)
            let past = clinic.booking(clinic.instant(9, days: -2))
            let refused = try await clinic.ask("POST", "/api/appointments/create", as: .staff, past)
            #expect(try refused.decode(Refusal.self).code == "slot-too-soon")
        }
    }

    @Test("learns that a patient is booked twice at one time")
    func bookedTwice() async throws {
        try await ClinicFixture.with { clinic in
            let first = try await clinic.book(clinic.instant(9), with: clinic.amina).decode(Warned.self)
            #expect(first.warnings == nil)
            let second = try await clinic.book(clinic.instant(9, 15), with: clinic.karim).decode(Warned.self)
            #expect(second.warnings?.map(\.code) == ["patient-booked-twice"])
            #expect(second.warnings?.first?.appointments == [first.id])
            let later = try await clinic.book(clinic.instant(9, 45), with: clinic.karim).decode(Warned.self)
            #expect(later.warnings == nil)
            let path = "/api/appointments/\(later.id.uuidString.lowercased())"
            let moved = try await clinic.ask(
                "PATCH", path, as: .staff, seen: 1,
                #"{"start": "\#(clinic.instant(9, 30))", "practitioner": "\#(clinic.amina)"}"#)
            #expect(try moved.decode(Warned.self).warnings?.first?.appointments == [second.id], "\(moved.text)")
            #expect(try await clinic.ask("GET", path, as: .staff).decode(Warned.self).warnings == nil)
            let own = try await clinic.ask(
                "POST", "/api/appointments/create", as: .patient, clinic.booking(clinic.instant(9), with: clinic.karim))
            #expect(!own.text.contains("warnings"))
            let hold = try await clinic.ask(
                "POST", "/api/appointments/holds", as: .staff,
                #"{"careType": "consultation", "start": "\#(clinic.instant(8, 45))", "practitioner": "\#(clinic.karim)"}"#
            )
            let held = "/api/appointments/\(try hold.decode(Warned.self).id.uuidString.lowercased())/confirm"
            let confirmed = try await clinic.ask(
                "POST", held, as: .staff, #"{"patient": {"name": "Yasmine B.", "phone": "0551234567"}}"#)
            #expect(try confirmed.decode(Warned.self).warnings?.first?.appointments == [first.id], "\(confirmed.text)")
        }
    }

    @Test("finds patients by the beginning of a name, page by page, and the audit has who was shown")
    func beginnings() async throws {
        struct Found: Decodable {
            struct Patient: Decodable { let id: PatientID, name: String }
            let items: [Patient]
            let next: String?
        }
        try await ClinicFixture.with { clinic in
            for (index, name) in ["Yasmine Benali", "Karim Benaïssa", "Élodie Benaliouche", "Li Wei"].enumerated() {
                _ = try await clinic.register(name, phone: "055000000\(index)")
            }
            @EventLoop func found(_ query: String) async throws -> Found {
                let answer = try await clinic.ask("GET", "/api/patients?\(query)", as: .staff)
                #expect(answer.status == 200, "\(answer.text)")
                return try answer.decode(Found.self)
            }
            #expect(try await found("name=ben").items.count == 3)
            #expect(try await found("name=benai").items.map(\.name) == ["Karim Benaïssa"])
            #expect(try await found("name=BENALIO").items.map(\.name) == ["Élodie Benaliouche"])
            #expect(try await found("name=ben+elo").items.map(\.name) == ["Élodie Benaliouche"])
            #expect(try await found("name=li").items.map(\.name) == ["Li Wei"])
            #expect(try await found("name=nali").items.isEmpty)
            try await clinic.data.query("DELETE FROM access_audit")
            let page = try await found("name=ben&limit=2")
            let shown = try await clinic.data.query("SELECT patient FROM access_audit WHERE action = 'search'")
            #expect(Set(try shown.map { try $0.get("patient", as: PatientID.self) }) == Set(page.items.map(\.id)))
            let rest = try await found("name=ben&limit=2&cursor=\(try #require(page.next))")
            #expect(page.items.count == 2 && rest.items.count == 1 && rest.next == nil)
            for query in ["", "?name=ben&phone=0550000000", "?name=-"] {
                #expect(try await clinic.ask("GET", "/api/patients\(query)", as: .staff).problem == "invalid-query")
            }
            #expect(try await clinic.ask("GET", "/api/patients?name=ben", as: .patient).status == 403)
        }
    }

    @Test("reads the agenda of a day with names in one request, which the audit has")
    func names() async throws {
        struct Agenda: Decodable {
            struct Item: Decodable {
                struct Patient: Decodable { let name: String, phone: String? }
                let patient: Patient?
            }
            let items: [Item]
        }
        try await ClinicFixture.with { clinic in
            for hour in 9..<11 { _ = try await clinic.book(clinic.instant(hour), with: clinic.amina) }
            let path = "/api/appointments?from=\(clinic.instant(0))&to=\(clinic.instant(24))"
            let plain = try await clinic.ask("GET", path, as: .staff).decode(Agenda.self)
            #expect(plain.items.count == 2 && plain.items.allSatisfy { $0.patient == nil })
            let named = try await clinic.ask("GET", "\(path)&include=patient", as: .staff).decode(Agenda.self)
            #expect(named.items.map(\.patient?.name) == ["Yasmine B.", "Yasmine B."])
            #expect(named.items.first?.patient?.phone == "+213551234567")
            let lines = try await clinic.data.query("SELECT 1 FROM access_audit WHERE action = 'list_patients'")
            #expect(lines.count == 1)
            #expect(try await clinic.ask("GET", "\(path)&include=patient", as: .patient).status == 403)
        }
    }

    @Test("may ask for six weeks of the clinic's calendar, whatever its clock does")
    func sixWeeks() async throws {
        try await ClinicFixture.with { clinic in
            let from = clinic.instant(0, days: 3)
            for (seconds, status) in [(0, 200), (60, 400)] {
                let to = from + .seconds(42 * 86_400 + seconds)
                let answer = try await clinic.ask(
                    "GET", "/api/slots?careType=consultation&from=\(from)&to=\(to)", as: .staff)
                #expect(answer.status == status, "\(answer.text)")
            }
        }
    }

    @Test("books across midnight where the opening hours do not end")
    func midnight() async throws {
        try await ClinicFixture.with { clinic in
            try await clinic.data.batch([
                "UPDATE opening_hours SET opens = 0, closes = 1440",
                "UPDATE calendar SET version = version + 1",
            ])
            let body = """
                {"careType": "chirurgie", "start": "\(clinic.instant(23, 30))",
                 "patient": {"name": "Yasmine B.", "phone": "0551234567"}}
                """
            let booked = try await clinic.ask("POST", "/api/appointments/create", as: .staff, body)
            #expect(booked.status == 201, "\(booked.text)")
        }
    }
}
