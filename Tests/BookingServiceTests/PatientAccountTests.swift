import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import ServiceTesting
import Tenancy
import Testing

@Suite("Patient accounts")
struct PatientAccountTests {
    private struct PatientAnswer: Decodable {
        let id: PatientID
        let account: UserID?
        let selfRegistered: Bool
    }

    private struct BookedAnswer: Decodable {
        let id: AppointmentID
        let patientId: PatientID?
    }

    private func patient(_ id: PatientID, _ clinic: ClinicFixture) async throws -> PatientAnswer {
        try await clinic.ask("GET", "/api/patients/\(id)", as: .staff).decode(PatientAnswer.self)
    }

    @Test("an account that registers a stranger sees nothing of what staff enter about them")
    func strangerIsNotOwned() async throws {
        try await ClinicFixture.with { clinic in
            let thief = UserID.new()
            let asserted = try await clinic.register("Yasmine B.", as: .patient, user: thief)
            #expect(try await patient(asserted, clinic).selfRegistered)
            let booked = try await clinic.ask(
                "POST", "/api/appointments/create", as: .staff, clinic.booking(clinic.instant(9))
            ).decode(BookedAnswer.self)
            #expect(booked.patientId != asserted)
            let path = "/api/appointments/\(booked.id)"
            #expect(try await clinic.ask("GET", path, as: .patient, user: thief).status == 404)
            #expect(try await clinic.ask("DELETE", path, as: .patient, user: thief).status == 404)
            let list = try await clinic.ask("GET", "/api/appointments", as: .patient, user: thief)
            #expect(try list.decode(ListAnswer<BookedAnswer>.self).items.isEmpty)
            let byId = try await clinic.ask(
                "POST", "/api/appointments/create", as: .staff,
                #"{"careType": "consultation", "start": "\#(clinic.instant(11))", "patientId": "\#(asserted)"}"#
            ).decode(BookedAnswer.self)
            #expect(
                try await clinic.ask("GET", "/api/appointments/\(byId.id)", as: .patient, user: thief).status == 404)
            let export = try await clinic.ask("GET", "/api/patients/\(asserted)/export", as: .patient, user: thief)
            #expect(export.status == 200 && !export.text.contains("\(byId.id)"))
            let corrected = try await clinic.ask(
                "PATCH", "/api/patients/\(asserted)", as: .staff, seen: 1, #"{"phone": "+213661234567"}"#)
            #expect(corrected.status == 200)
            #expect(try await clinic.ask("GET", "/api/patients/\(asserted)", as: .patient, user: thief).status == 404)
        }
    }

    @Test("to an account every name is new, and staff’s record stays as it is")
    func everyNameIsNew() async throws {
        try await ClinicFixture.with { clinic in
            let known = try await clinic.register("Yasmine B.")
            let user = UserID.new()
            let body = #"{"name": "Yasmine B.", "phone": "+213551234567"}"#
            let registered = try await clinic.ask("POST", "/api/patients", as: .patient, user: user, body)
            #expect(registered.status == 201, "\(registered.text)")
            let booked = try await clinic.ask(
                "POST", "/api/appointments/create", as: .patient, user: .new(), clinic.booking(clinic.instant(9))
            ).decode(BookedAnswer.self)
            #expect(booked.patientId != nil && booked.patientId != known)
            let other = try await clinic.register("Autre", phone: "+213551234560", as: .patient, user: user)
            let renamed = try await clinic.ask(
                "PATCH", "/api/patients/\(other)", as: .patient, user: user, seen: 1,
                #"{"name": "Yasmine Benali", "phone": "+213551234567"}"#)
            #expect(renamed.status == 200, "\(renamed.text)")
            #expect(try await clinic.ask("GET", "/api/patients/\(known)", as: .staff).headers["etag"] == "\"1\"")
        }
    }

    @Test("staff link a record, and a name that its account changes ends the link")
    func linking() async throws {
        try await ClinicFixture.with { clinic in
            let user = UserID.new()
            let id = try await clinic.register("Yasmine B.")
            let path = "/api/patients/\(id)"
            #expect(try await clinic.ask("PUT", "\(path)/account", as: .staff, "{}").status == 400)
            let link = #"{"account": "\#(user)"}"#
            #expect(try await clinic.ask("PUT", "\(path)/account", as: .patient, user: user, link).status == 403)
            #expect(try await clinic.ask("PUT", "\(path)/account", as: .staff, link).status == 200)
            let booked = try await clinic.ask(
                "POST", "/api/appointments/create", as: .staff, clinic.booking(clinic.instant(9))
            ).decode(BookedAnswer.self)
            #expect(booked.patientId == id)
            let appointment = "/api/appointments/\(booked.id)"
            #expect(try await clinic.ask("GET", appointment, as: .patient, user: user).status == 200)
            let renamed = try await clinic.ask(
                "PATCH", path, as: .patient, user: user, seen: 2, #"{"name": "Nadia K."}"#)
            #expect(renamed.status == 200, "\(renamed.text)")
            #expect(try await patient(id, clinic).selfRegistered)
            #expect(try await clinic.ask("GET", appointment, as: .patient, user: user).status == 404)
            #expect(try await clinic.ask("PUT", "\(path)/account", as: .staff, "{}").status == 200)
            #expect(try await clinic.ask("DELETE", "\(path)/account", as: .staff).status == 200)
            #expect(try await patient(id, clinic).account == nil)
            let lines = try await clinic.data.query("SELECT action FROM access_audit WHERE action LIKE '%link'")
            #expect(lines.count == 3)
        }
    }

    @Test("an account has no more appointments ahead and patients than it may, however many requests come at once")
    func limits() async throws {
        try await ClinicFixture.with { clinic in
            let user = UserID.new()
            try await clinic.data.query("UPDATE calendar SET version = version + 1, bookings_per_client = 2")
            let answers = try await clinic.statuses(
                as: user,
                (0..<8).map { number in
                    let body = clinic.booking(clinic.instant(9 + number), phone: "+21355123456\(number)")
                    return ("/api/appointments/create", body)
                })
            #expect(answers.filter { $0 == 201 }.count == 2, "\(answers)")
            #expect(answers.allSatisfy { [201, 429].contains($0) }, "\(answers)")
            let registered = try await clinic.statuses(
                as: user,
                (0..<14).map { ("/api/patients", #"{"name": "Enfant \#($0)", "phone": "+213551234567"}"#) })
            #expect(registered.filter { $0 == 201 }.count == 8, "\(registered)")
        }
    }

    @Test("an account does not book a patient in two places at once, however many requests come at once")
    func onePlace() async throws {
        try await ClinicFixture.with { clinic in
            let user = UserID.new()
            _ = try await clinic.register("Yasmine B.", as: .patient, user: user)
            let answers = try await clinic.statuses(
                as: user,
                [clinic.amina, clinic.karim].map {
                    ("/api/appointments/create", clinic.booking(clinic.instant(9), with: $0))
                })
            #expect(answers.sorted() == [201, 409])
        }
    }
}

extension ClinicFixture {
    /// The statuses of requests that a patient account sends at once.
    fileprivate func statuses(as user: UserID, _ requests: [(path: String, body: String)]) async throws -> [Int] {
        let tasks = requests.map { request in
            EventLoop.start { try await ask("POST", request.path, as: .patient, user: user, request.body).status }
        }
        var statuses: [Int] = []
        for task in tasks { statuses.append(try await task.value) }
        return statuses
    }
}
