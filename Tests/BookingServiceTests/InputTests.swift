import BookingDomain
import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import BookingService

@Suite("What people type")
struct InputTests {
    private static let texts = [
        ("a" + String(repeating: "\u{301}", count: 119), 201), ("a" + String(repeating: "\u{301}", count: 120), 400),
        (String(repeating: "مُحَمَّدٌ", count: 13), 201), (String(repeating: "👨‍👩‍👧‍👦", count: 18), 400),
        (String(repeating: "👨‍👩‍👧‍👦", count: 17), 201), ("e" + String(repeating: "\u{302}", count: 28_000), 400),
        (String(repeating: "𝔸", count: 120), 201), ("Ami\u{202E}na", 400), ("Ami\u{200B}na", 400), ("\u{3164}", 400),
    ]

    @Test("has one limit in rules, documents and columns, and nothing that cannot be seen")
    func texts() async throws {
        try await ClinicFixture.with { clinic in
            for (index, (text, status)) in Self.texts.enumerated() {
                let resource = try json(["name": text, "hours": [String: String]()])
                for path in ["practitioners", "rooms"] {
                    let answer = try await clinic.ask("POST", "/api/\(path)", resource)
                    #expect(answer.status == status, "\(index) \(path): \(answer.text)")
                }
                let day = clinic.day(10 + index)
                let holiday = try await clinic.service.call(
                    "PUT", "/api/holidays/\(day)", token: try clinic.token(.manager), headers: ["If-None-Match": "*"],
                    body: try json(["name": text]))
                #expect(holiday.status == (status == 201 ? 200 : 400), "\(index): \(holiday.text)")
                let patient = try json(["name": text, "phone": "0551 23 45 \(10 + index)"])
                let registered = try await clinic.ask("POST", "/api/patients", as: .staff, patient)
                #expect(registered.status == status, "\(index): \(registered.text)")
            }
        }
    }

    private func json(_ value: [String: Any]) throws -> String {
        let members = try value.sorted { $0.key < $1.key }.map { name, value in
            let text = try (value as? String).map { try JSONEncoder().encode($0) } ?? Data("{}".utf8)
            return "\"\(name)\": \(String(decoding: text, as: UTF8.self))"
        }
        return "{\(members.joined(separator: ", "))}"
    }

    @Test("are instants with fractions of any length, and offsets whose plus was not escaped")
    func instants() async throws {
        try await ClinicFixture.with { clinic in
            let local = (clinic.instant(9) + .seconds(3600)).description.replacing("Z", with: "")
            for (half, fraction) in ["0000000", "000000000", "0", "000000000000"].enumerated() {
                let start =
                    "\((clinic.instant(9, half * 30) + .seconds(3600)).description.dropLast()).\(fraction)+01:00"
                let body = clinic.booking(clinic.instant(9), with: clinic.amina)
                    .replacing("\(clinic.instant(9))", with: start)
                let booked = try await clinic.ask("POST", "/api/appointments/create", as: .staff, body)
                #expect(booked.status == 201, "\(booked.text)")
                #expect(try booked.decode(AppointmentAnswer.self).start == clinic.instant(9, half * 30))
            }
            for offset in ["+01:00", "%2B01:00", " 01:00".replacing(" ", with: "%20"), ".000000000+01:00"] {
                let found = try await clinic.ask(
                    "GET",
                    "/api/slots?careType=consultation&from=\(local)\(offset)&to=\(local.dropLast(5))30:00\(offset)",
                    as: .staff)
                #expect(found.status == 200, "\(offset): \(found.text)")
            }
            let id = try await clinic.register(phone: "+213550000001")
            for phone in ["+213550000001", "%2B213550000001", "0550000001", "0550+00+00+01", "00213550000001"] {
                let found = try await clinic.ask("GET", "/api/patients?phone=\(phone)", as: .staff)
                #expect(found.text.contains("\(id)"), "\(phone): \(found.text)")
            }
        }
    }

    @Test("is one person in every writing of name and telephone")
    func persons() async throws {
        try await ClinicFixture.with { clinic in
            let id = try await clinic.register("Amélie Béjaïa", phone: "0550 12 34 56")
            let read = try await clinic.ask("GET", "/api/patients/\(id)", as: .staff)
            #expect(read.text.contains("+213550123456"))
            let names = ["Ame\u{301}lie Be\u{301}jai\u{308}a", "amélie  béjaïa", "Amélie\u{A0}Béjaïa", "AMÉLIE BÉJAÏA"]
            let phones = ["+213 550-12-34-56", "00213550123456", "٠٥٥٠ ١٢ ٣٤ ٥٦", "550123456"]
            for (name, phone) in zip(names, phones) {
                let patient = #"{"name": "\#(name)", "phone": "\#(phone)"}"#
                #expect(try await clinic.ask("POST", "/api/patients", as: .staff, patient).problem == "patient-exists")
            }
            for (index, (name, phone)) in zip(names, phones).enumerated() {
                let body = """
                    {"careType": "consultation", "start": "\(clinic.instant(10 + index))",
                     "patient": {"name": "\(name)", "phone": "\(phone)"}}
                    """
                let booked = try await clinic.ask("POST", "/api/appointments/create", as: .staff, body)
                #expect(booked.status == 201 && booked.text.contains("\"patientId\":\"\(id)\""), "\(booked.text)")
            }
            #expect(try await clinic.data.query("SELECT 1 FROM patients").count == 1)
        }
    }

    @Test("is any telephone number, and no pattern is shown to a person")
    func telephones() async throws {
        try await ClinicFixture.with { clinic in
            for phone in ["+33612345678", "021 23 45 67", "+1 (212) 555-0123", "+212612345678"] {
                let patient = #"{"name": "Personne", "phone": "\#(phone)"}"#
                let answer = try await clinic.ask("POST", "/api/patients", as: .staff, patient)
                #expect(answer.status == 201, "\(answer.text)")
            }
            for phone in ["055012345", "hier", "+213 450 12 34 56"] {
                let patient = #"{"name": "Personne", "phone": "\#(phone)"}"#
                let refused = try await clinic.ask("POST", "/api/patients", as: .staff, patient)
                #expect(refused.status == 400 && refused.text.contains("/phone"), "\(refused.text)")
                #expect(!refused.text.contains("\\\\d") && !refused.text.contains("^"))
            }
            let strict = """
                {"action": "CREATE", "clinic_address": "Cité 109, Daboussy El Achour, Alger", "timezone": "Africa/Algiers",
                 "patient": {"name": "Personne", "phone_e164": "+33612345678"}}
                """
            let refused = try await clinic.ask("POST", "/api/appointments", as: .staff, strict)
            #expect(refused.status == 400 && refused.text.contains("mobile algérien"), "\(refused.text)")
            #expect(!refused.text.contains("\\\\d"))
        }
    }

    @Test("of an older rule is found as before, and in every writing once the job has run")
    func olderRule() async throws {
        try await ClinicFixture.with { clinic in
            let patients = clinic.service.host.service.renewNameIndexes.patients
            let slug = ClinicFixture.tenant.slug
            let first = try await clinic.register("Ame\u{301}lie", phone: "0550123456")
            let second = try await clinic.register("Autre", phone: "0550123456")
            // As the previous release left them: two writings of one name.
            for (id, name) in [(first, "Ame\u{301}lie"), (second, "Amélie")] {
                let index = patients.literalNameIndex(.init(stored: name), slug)
                let contact = PatientContact(
                    name: .init(stored: name), phone: PhoneNumber(stored: "+213550123456"))
                let stored = try patients.encrypt(contact, of: .init(id.uuid), in: slug)
                try await clinic.data.query(
                    """
                    UPDATE patients SET name_index = \(index), name_rule = 1, name_beginnings = NULL, contact = \(stored)
                    WHERE id = \(id)
                    """)
            }
            func book(_ name: String, _ hour: Int) async throws -> String {
                let body = """
                    {"careType": "consultation", "start": "\(clinic.instant(hour))",
                     "patient": {"name": "\(name)", "phone": "0550 12 34 56"}}
                    """
                return try await clinic.ask("POST", "/api/appointments/create", as: .staff, body).text
            }
            #expect(try await book("Amélie", 9).contains("\(second)"))
            try await clinic.service.host.service.renewNameIndexes.run()
            #expect(try await clinic.data.query("SELECT 1 FROM patients WHERE name_rule < 2").isEmpty)
            for (index, name) in ["Amélie", "Ame\u{301}lie", "AMÉLIE"].enumerated() {
                #expect(try await book(name, 10 + index).contains("\"patientId\":\"\(first)\""))
            }
            let found = try await clinic.ask("GET", "/api/patients?name=amel", as: .staff).text
            #expect(found.contains("\(first)") && found.contains("\(second)"))
        }
    }
}
