import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import ServiceTesting
import Tenancy
import Testing

@Suite("Patients")
struct PatientTests {
    @Test("patients see and cancel what the staff booked for them once they are linked, but not for others")
    func bookedByStaff() async throws {
        try await ClinicFixture.with { clinic in
            let user = UserID.new()
            let id = try await clinic.register("Yasmine B.", as: .patient, user: user)
            #expect(try await clinic.ask("PUT", "/api/patients/\(id)/account", as: .staff, "{}").status == 200)
            let body = #"{"careType": "consultation", "start": "\#(clinic.instant(9))", "patientId": "\#(id)"}"#
            let booked = try await clinic.ask("POST", "/api/appointments/create", as: .staff, body)
            #expect(booked.status == 201, "\(booked.text)")
            let path = "/api/appointments/\(try booked.decode(AppointmentAnswer.self).id)"
            for (somebody, sees) in [(user, true), (UserID.new(), false)] {
                let list = try await clinic.ask("GET", "/api/appointments", as: .patient, user: somebody)
                #expect(try list.decode(ListAnswer<AppointmentAnswer>.self).items.count == (sees ? 1 : 0))
                let read = try await clinic.ask("GET", path, as: .patient, user: somebody)
                #expect(read.status == (sees ? 200 : 404))
            }
            #expect(try await clinic.ask("DELETE", path, as: .patient).status == 404)
            #expect(try await clinic.ask("DELETE", path, as: .patient, user: user).status == 200)
        }
    }

    private struct PatientAnswer: Decodable {
        let id: PatientID
        let name: String
        let phone: String?
        let email: String?
        let version: Int
    }

    private struct Access: Decodable {
        let action: String
        let role: String
        let traceId: String?
    }

    @Test("are registered, found by telephone, read and corrected")
    func lifecycle() async throws {
        try await ClinicFixture.with { clinic in
            let id = try await clinic.register()
            let found = try await clinic.ask("GET", "/api/patients?phone=%2B213551234567", as: .staff)
            #expect(try found.decode(ListAnswer<PatientAnswer>.self).items.map(\.id) == [id])
            let nobody = try await clinic.ask("GET", "/api/patients?phone=%2B213551234560", as: .staff)
            #expect(try nobody.decode(ListAnswer<PatientAnswer>.self).items.isEmpty)
            #expect(try await clinic.ask("GET", "/api/patients?phone=055123456", as: .staff).status == 400)

            let path = "/api/patients/\(id)"
            #expect(try await clinic.ask("GET", path, as: .staff).headers["etag"] == "\"1\"")
            let change = #"{"phone": "+213661234567", "email": null}"#
            #expect(try await clinic.ask("PATCH", path, as: .staff, change).problem == "precondition-required")
            let changed = try await clinic.ask("PATCH", path, as: .staff, seen: 1, change)
            let patient = try changed.decode(PatientAnswer.self)
            #expect(patient.name == "Yasmine Benali")
            #expect(patient.phone == "+213661234567")
            #expect(patient.email == nil)
            #expect(try await clinic.ask("PATCH", path, as: .staff, seen: 1, change).problem == "precondition-failed")
            let moved = try await clinic.ask("GET", "/api/patients?phone=%2B213661234567", as: .staff)
            #expect(try moved.decode(ListAnswer<PatientAnswer>.self).items.count == 1)
        }
    }

    @Test("of one name and telephone there is one")
    func once() async throws {
        try await ClinicFixture.with { clinic in
            _ = try await clinic.register()
            let again = try await clinic.ask(
                "POST", "/api/patients", as: .staff, #"{"name": "yasmine benali", "phone": "+213551234567"}"#)
            #expect(again.problem == "patient-exists")
        }
    }

    @Test("see themselves and no other patient")
    func ownRecord() async throws {
        try await ClinicFixture.with { clinic in
            let (own, stranger) = (UserID.new(), UserID.new())
            let id = try await clinic.register(as: .patient, user: own)
            for path in ["", "/consents", "/export", "/accesses"] {
                let target = "/api/patients/\(id)\(path)"
                #expect(try await clinic.ask("GET", target, as: .patient, user: own).status == 200)
                #expect(try await clinic.ask("GET", target, as: .patient, user: stranger).status == 404)
            }
            let change = #"{"name": "Autre"}"#
            let refused = try await clinic.ask(
                "PATCH", "/api/patients/\(id)", as: .patient, user: stranger, seen: 1, change)
            #expect(refused.status == 404)
            let consent = #"{"purpose": "reminders", "isGranted": true, "version": 1}"#
            let foreign = try await clinic.ask(
                "POST", "/api/patients/\(id)/consents", as: .patient, user: stranger, consent)
            #expect(foreign.status == 404)
            let accesses = try await clinic.data.query("SELECT DISTINCT actor FROM access_audit")
            #expect(try accesses.map { try $0.get("actor", as: UserID.self) } == [own])
        }
    }

    @Test("give and withdraw consent, and every answer is kept")
    func consents() async throws {
        struct Consent: Decodable { let purpose: String; let isGranted: Bool; let version: Int }
        try await ClinicFixture.with { clinic in
            let path = "/api/patients/\(try await clinic.register())/consents"
            for granted in [true, false] {
                let answer = try await clinic.ask(
                    "POST", path, as: .staff, #"{"purpose": "reminders", "isGranted": \#(granted), "version": 2}"#)
                #expect(answer.status == 201, "\(answer.text)")
            }
            let history = try await clinic.ask("GET", path, as: .staff).decode(ListAnswer<Consent>.self).items
            #expect(history.map(\.purpose) == ["data_processing", "reminders", "reminders"])
            #expect(history.map(\.isGranted) == [true, true, false])
            let bad = #"{"purpose": "reminders", "isGranted": true, "version": 0}"#
            #expect(try await clinic.ask("POST", path, as: .staff, bad).status == 400)
        }
    }

    @Test("every access leaves a line with actor, role, action and trace")
    func audit() async throws {
        try await ClinicFixture.with { clinic in
            let id = try await clinic.register()
            let path = "/api/patients/\(id)"
            _ = try await clinic.ask("GET", path, as: .staff)
            _ = try await clinic.ask("GET", "/api/patients?phone=%2B213551234567", as: .staff)
            _ = try await clinic.ask("PATCH", path, as: .staff, seen: 1, #"{"name": "Yasmine B."}"#)
            _ = try await clinic.ask("GET", "\(path)/export", as: .admin)
            let lines = try await clinic.ask("GET", "\(path)/accesses", as: .admin).decode(ListAnswer<Access>.self)
            #expect(
                lines.items.map(\.action) == ["read_accesses", "export", "change", "search", "read", "register"])
            #expect(lines.items.map(\.role) == ["admin", "admin", "staff", "staff", "staff", "staff"])
            #expect(lines.items.allSatisfy { $0.traceId?.count == 32 })
            struct Page: Decodable { let items: [Access]; let next: String? }
            let first = try await clinic.ask("GET", "\(path)/accesses?limit=2", as: .admin).decode(Page.self)
            let cursor = try #require(first.next)
            let second = try await clinic.ask("GET", "\(path)/accesses?limit=2&cursor=\(cursor)", as: .admin)
            #expect(try second.decode(Page.self).items.map(\.action) == ["export", "change"])
        }
    }

    @Test("get everything that is known of them in one document")
    func export() async throws {
        struct Export: Decodable {
            struct Visit: Decodable {
                struct History: Decodable {
                    struct Change: Decodable { let event: String }
                    let changes: [Change]
                }
                let history: History
            }
            struct Consent: Decodable { let purpose: String }
            let patient: PatientAnswer
            let consents: [Consent]
            let appointments: [Visit]
            let accesses: [Access]
        }
        try await ClinicFixture.with { clinic in
            let id = try await clinic.register("Yasmine B.")
            let booked = try await clinic.book(clinic.instant(9), with: clinic.amina).decode(AppointmentAnswer.self)
            _ = try await clinic.ask(
                "PATCH", "/api/appointments/\(booked.id)", as: .staff, seen: 1, #"{"start": "\#(clinic.instant(10))"}"#)
            let export = try await clinic.ask("GET", "/api/patients/\(id)/export", as: .manager).decode(Export.self)
            #expect(export.patient.phone == "+213551234567")
            #expect(export.consents.map(\.purpose) == ["data_processing"])
            #expect(export.appointments.map { $0.history.changes.map(\.event) } == [["confirmed", "rescheduled"]])
            #expect(export.accesses.map(\.action) == ["export", "register"])
        }
    }
}
