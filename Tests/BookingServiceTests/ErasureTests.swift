import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import ServiceTesting
import Tenancy
import Testing

@Suite("Forgetting a patient")
struct ErasureTests {
    private struct Erasure: Decodable { let cancelled: [UUID] }

    @Test("waits for the appointments to come, or calls them off")
    func expected() async throws {
        try await ClinicFixture.with { clinic in
            let id = try await clinic.register("Yasmine B.")
            let booked = try await clinic.book(clinic.instant(9)).decode(AppointmentAnswer.self)
            let path = "/api/patients/\(id)"
            #expect(try await clinic.ask("DELETE", path, as: .manager).status == 403)
            let refused = try await clinic.ask("DELETE", path, as: .admin)
            #expect(refused.problem == "patient-expected")
            #expect(refused.text.contains(booked.id.uuidString.lowercased()))
            let erased = try await clinic.ask("DELETE", "\(path)?cancelFuture=true", as: .admin)
            #expect(try erased.decode(Erasure.self).cancelled == [booked.id])
            let status = try await clinic.ask("GET", "/api/appointments/\(booked.id)").decode(AppointmentAnswer.self)
            #expect(status.status == "cancelled")
        }
    }

    @Test("leaves no name, telephone, address, index or digest in any table")
    func nothingLeft() async throws {
        try await ClinicFixture.with { clinic in
            let id = try await clinic.register("Yasmine B.")
            let indexes = try await clinic.data.query(
                "SELECT phone_index, name_index, email_index, contact FROM patients WHERE id = \(id)")
            let booked = try await clinic.ask(
                "POST", "/api/appointments/create", as: .staff, clinic.booking(clinic.instant(9))
            )
            .decode(AppointmentAnswer.self)
            _ = try await clinic.ask("DELETE", "/api/appointments/\(booked.id)?reason=Yasmine%20est%20malade")
            #expect(try await clinic.mentions("Yasmine") == ["appointment_history"])

            let erased = try await clinic.ask("DELETE", "/api/patients/\(id)", as: .admin)
            #expect(erased.status == 200, "\(erased.text)")
            for text in ["Yasmine", "551234567", "exemple.dz"] {
                #expect(try await clinic.mentions(text).isEmpty, "\(text) is still there")
            }
            for column in ["phone_index", "name_index", "email_index", "contact"] {
                let bytes: [UInt8] = try indexes[0].get(column)
                #expect(try await clinic.mentions(String(bytes.postgresText.dropFirst(2))).isEmpty, "\(column)")
            }
            #expect(try await clinic.data.query("SELECT 1 FROM idempotency_keys").isEmpty)

            let read = try await clinic.ask("GET", "/api/patients/\(id)", as: .staff)
            #expect(read.text.contains("Patient \("\(id)".suffix(12))"))
            let change = try await clinic.ask("PATCH", "/api/patients/\(id)", as: .staff, seen: 2, #"{"name": "A"}"#)
            #expect(change.status == 409)
            #expect(try await clinic.ask("DELETE", "/api/patients/\(id)", as: .admin).status == 200)
            let kept = try await clinic.data.query("SELECT 1 FROM appointments WHERE patient = \(id)")
            #expect(kept.count == 1)
        }
    }

    @Test("leaves no trace of the account of a patient who booked, held and read for themselves")
    func account() async throws {
        try await ClinicFixture.with { clinic in
            let user = UserID.new()
            let id = try await clinic.register("Yasmine B.", as: .patient, user: user)
            let booked = try await clinic.ask(
                "POST", "/api/appointments/create", as: .patient, user: user, clinic.booking(clinic.instant(9)))
            #expect(booked.status == 201, "\(booked.text)")
            let hold = try await clinic.ask(
                "POST", "/api/appointments/holds", as: .patient, user: user,
                #"{"careType": "consultation", "start": "\#(clinic.instant(14))"}"#
            ).decode(AppointmentAnswer.self)
            let released = try await clinic.ask("DELETE", "/api/appointments/\(hold.id)", as: .patient, user: user)
            #expect(released.status == 200, "\(released.text)")
            #expect(try await clinic.ask("GET", "/api/patients/\(id)", as: .patient, user: user).status == 200)
            let before = try await clinic.mentions("\(user)")
            #expect(Set(before).isSuperset(of: ["appointments", "appointment_history", "patients", "access_audit"]))

            let erased = try await clinic.ask("DELETE", "/api/patients/\(id)?cancelFuture=true", as: .admin)
            #expect(erased.status == 200, "\(erased.text)")
            let left = try await clinic.mentions("\(user)")
            #expect(left == [])
            let history = try await clinic.data.query(
                "SELECT actor_id FROM appointment_history WHERE actor = 'patient'")
            #expect(history.count == 3)
            let gone = try await clinic.ask(
                "GET", "/api/appointments/\(booked.decode(AppointmentAnswer.self).id)", as: .patient, user: user)
            #expect(gone.status == 404)
        }
    }
}
