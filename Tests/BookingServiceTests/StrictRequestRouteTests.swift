import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import ServiceTesting
import Tenancy
import Testing

@Suite("The strict request")
struct StrictRequestRouteTests {
    private struct Answer: Decodable {
        struct Slot: Decodable { let start_iso, end_iso: Instant; let duration_minutes: Int }
        struct Booked: Decodable { let appointment_id: UUID; let status: String; let start_iso: Instant }
        let status: String
        let available_slots: [Slot]?
        let appointment: Booked?
        let missing: [String]?
        let message: String
    }

    private struct Faults: Decodable {
        struct Fault: Decodable { let pointer: String }
        let errors: [Fault]
    }

    private static let patient =
        #""patient": {"name": "Yasmine B.", "phone_e164": "+213551234567", "email": "y@exemple.dz"}"#

    private static func request(
        _ action: String, _ fields: String..., address: String = ClinicFixture.tenant.address,
        zone: String = "Africa/Algiers"
    ) -> String {
        let head = #""action": "\#(action)", "clinic_address": "\#(address)", "timezone": "\#(zone)""#
        return "{\(([head] + fields).joined(separator: ", "))}"
    }

    private static func slot(_ start: Instant, minutes: Int = 30, lasting: Int? = nil) -> String {
        let end = start + .seconds((lasting ?? minutes) * 60)
        return #""slot": {"start_iso": "\#(start)", "end_iso": "\#(end)", "duration_minutes": \#(minutes)}"#
    }

    private static let care = #""care_type": "consultation""#

    @Test("finds, books, moves, confirms and cancels with the six actions")
    func sixActions() async throws {
        try await ClinicFixture.with { clinic in
            func send(_ body: String) async throws -> Answer {
                let answer = try await clinic.ask("POST", "/api/appointments", as: .staff, body)
                #expect(answer.status == 200, "\(answer.text)")
                return try answer.decode(Answer.self)
            }
            let asked = try await send(Self.request("NEED_INFO", Self.care))
            #expect(asked.status == "NEED_INFO")
            #expect(asked.missing == ["slot", "patient"])
            #expect(try await send(Self.request("FIND_SLOTS")).missing == ["care_type"])

            let found = try await send(Self.request("FIND_SLOTS", Self.care, Self.slot(clinic.instant(9))))
            #expect(found.status == "SLOTS_FOUND")
            let first = try #require(found.available_slots?.first)
            #expect(first.start_iso == clinic.instant(9))
            #expect(first.duration_minutes == 30)
            #expect(try await send(Self.request("FIND_SLOTS", Self.care)).available_slots?.isEmpty == false)

            let made = try await send(Self.request("CREATE", Self.care, Self.patient, Self.slot(first.start_iso)))
            #expect(made.status == "CONFIRMED")
            let id = try #require(made.appointment).appointment_id
            let which = #""appointment_id": "\#(id.uuidString.lowercased())""#
            #expect(try await send(Self.request("CONFIRMATION", which)).status == "CONFIRMED")
            let moved = try await send(Self.request("RESCHEDULE", which, Self.slot(clinic.instant(14))))
            #expect(moved.status == "RESCHEDULED")
            #expect(moved.appointment?.start_iso == clinic.instant(14))
            #expect(moved.message.hasSuffix("à 14:00."))
            let cancelled = try await send(Self.request("CANCEL", which))
            #expect(cancelled.status == "CANCELLED")
            #expect(cancelled.appointment?.status == "cancelled")
        }
    }

    @Test("confirms the hold that keeps the slot")
    func hold() async throws {
        try await ClinicFixture.with { clinic in
            // Nothing lapses here, however slow the machine is.
            try await clinic.data.query("UPDATE calendar SET version = version + 1, hold_lifetime_seconds = 600")
            let user = UserID.new()
            let hold = try await clinic.ask(
                "POST", "/api/appointments/holds", as: .patient, user: user,
                #"{"careType": "consultation", "start": "\#(clinic.instant(9))"}"#
            ).decode(AppointmentAnswer.self)
            let which = #""appointment_id": "\#(hold.id.uuidString.lowercased())""#
            let elsewhere = try await clinic.ask(
                "POST", "/api/appointments", as: .patient, user: user,
                Self.request("CREATE", Self.care, Self.patient, which, Self.slot(clinic.instant(11))))
            #expect(try elsewhere.decode(Faults.self).errors.map(\.pointer) == ["/appointment_id"])
            let made = try await clinic.ask(
                "POST", "/api/appointments", as: .patient, user: user,
                Self.request("CREATE", Self.care, Self.patient, which, Self.slot(clinic.instant(9))))
            #expect(try made.decode(Answer.self).appointment?.appointment_id == hold.id, "\(made.text)")
        }
    }

    @Test("moves into the room that it names, and nowhere else")
    func room() async throws {
        try await ClinicFixture.with { clinic in
            let surgery = #""care_type": "chirurgie""#
            let made = try await clinic.ask(
                "POST", "/api/appointments", as: .staff,
                Self.request("CREATE", surgery, Self.patient, Self.slot(clinic.instant(9), minutes: 60)))
            let id = try #require(try made.decode(Answer.self).appointment, "\(made.text)").appointment_id
            let which = #""appointment_id": "\#(id.uuidString.lowercased())""#
            for (room, status) in [(RoomID.new(), 409), (clinic.room, 200)] {
                let moved = try await clinic.ask(
                    "POST", "/api/appointments", as: .staff,
                    Self.request(
                        "RESCHEDULE", which, #""room_id": "\#(room)""#, Self.slot(clinic.instant(13), minutes: 60)))
                #expect(moved.status == status, "\(moved.text)")
            }
        }
    }

    @Test("is answered as before when it comes again, whatever has changed since")
    func replay() async throws {
        try await ClinicFixture.with { clinic in
            try await clinic.data.query("UPDATE calendar SET version = version + 1, hold_lifetime_seconds = 600")
            let user = UserID.new()
            let hold = try await clinic.ask(
                "POST", "/api/appointments/holds", as: .patient, user: user,
                #"{"careType": "consultation", "start": "\#(clinic.instant(9))"}"#
            ).decode(AppointmentAnswer.self)
            let which = #""appointment_id": "\#(hold.id.uuidString.lowercased())""#
            let create = Self.request("CREATE", Self.care, Self.patient, which, Self.slot(clinic.instant(9)))
            let move = Self.request("RESCHEDULE", which, Self.slot(clinic.instant(11)))
            func send(_ body: String, _ key: String) async throws -> TestAnswer {
                try await clinic.ask("POST", "/api/appointments", as: .patient, user: user, key: key, body)
            }
            let (created, moved) = (try await send(create, "create"), try await send(move, "move"))
            #expect(created.status == 200 && moved.status == 200, "\(created.text) \(moved.text)")
            try await clinic.data.batch([
                "UPDATE care_types SET duration_minutes = 45 WHERE care_type = 'consultation'",
                "UPDATE calendar SET version = version + 1, bookings_per_minute = 1",
            ])
            #expect(try await clinic.ask("GET", "/api/appointments/\(hold.id)").status == 200)
            for _ in 0..<3 {
                #expect(try await send(create, "create").text == created.text)
                #expect(try await send(move, "move").text == moved.text)
            }
            let other = Self.request("CREATE", Self.care, Self.patient, which, Self.slot(clinic.instant(10)))
            #expect(try await send(other, "create").status == 422)
        }
    }

    @Test("must carry address and time zone of the clinic, byte for byte")
    func literals() async throws {
        try await ClinicFixture.with { clinic in
            struct Code: Decodable { let code: String }
            // The same letters with a combining accent look the same and are not.
            let decomposed = "Cite\u{301} 109, Daboussy El Achour, Alger"
            for body in [
                Self.request("FIND_SLOTS", Self.care, address: decomposed),
                Self.request("FIND_SLOTS", Self.care, address: ClinicFixture.tenant.address + " "),
                Self.request("FIND_SLOTS", Self.care, zone: "Africa/Tunis"),
            ] {
                let answer = try await clinic.ask("POST", "/api/appointments", as: .staff, body)
                #expect(answer.status == 422)
                #expect(try answer.decode(Code.self).code == "clinic-mismatch")
            }
        }
    }

    @Test("is refused where it is wrong")
    func faults() async throws {
        let start = Instant(seconds: 1_800_000_000)
        let wrong = [
            (#""care_type": "massage""#, "/care_type"), (#""urgent": true"#, "/urgent"),
            (#""patient": {"name": "A", "phone_e164": "+33612345678"}"#, "/patient/phone_e164"),
            (#""patient": {"name": "A", "phone_e164": "+2134512345678"}"#, "/patient/phone_e164"),
            (#""patient": {"name": "", "phone_e164": "+213551234567"}"#, "/patient/name"),
            (Self.slot(start, minutes: 14), "/slot/duration_minutes"),
            (Self.slot(start, minutes: 181), "/slot/duration_minutes"),
            (Self.slot(start, minutes: 30, lasting: 45), "/slot/duration_minutes"),
        ]
        try await ClinicFixture.with { clinic in
            for (field, pointer) in wrong {
                let answer = try await clinic.ask(
                    "POST", "/api/appointments", as: .staff, Self.request("FIND_SLOTS", field))
                #expect(answer.status == 400, "\(answer.text)")
                #expect(try answer.decode(Faults.self).errors.map(\.pointer) == [pointer])
            }
        }
    }

    @Test("needs a key when it writes, and writes once under it")
    func idempotency() async throws {
        try await ClinicFixture.with { clinic in
            let body = Self.request("CREATE", Self.care, Self.patient, Self.slot(clinic.instant(9)))
            let token = try clinic.token()
            let keyless = try await clinic.service.call("POST", "/api/appointments", token: token, body: body)
            #expect(keyless.problem == "idempotency-key-missing")
            let search = Self.request("FIND_SLOTS", Self.care)
            #expect(
                try await clinic.service.call("POST", "/api/appointments", token: token, body: search).status == 200)
            let user = UserID.new()
            let first = try await clinic.ask("POST", "/api/appointments", as: .staff, user: user, key: "k", body)
            let second = try await clinic.ask("POST", "/api/appointments", as: .staff, user: user, key: "k", body)
            #expect(first.status == 200)
            #expect(first.body == second.body)
        }
    }

    @Test("the loser of a slot gets alternatives, and a length that is not the care's is refused")
    func refusals() async throws {
        try await ClinicFixture.with { clinic in
            for _ in 0..<2 { _ = try await clinic.book(clinic.instant(9)) }
            let taken = try await clinic.ask(
                "POST", "/api/appointments", as: .staff,
                Self.request("CREATE", Self.care, Self.patient, Self.slot(clinic.instant(9))))
            #expect(taken.problem == "slot-refused")
            #expect(try taken.decode(Refusal.self).alternatives.count == 3)
            let long = try await clinic.ask(
                "POST", "/api/appointments", as: .staff,
                Self.request("CREATE", Self.care, Self.patient, Self.slot(clinic.instant(10), minutes: 45)))
            #expect(try long.decode(Faults.self).errors.map(\.pointer) == ["/slot/duration_minutes"])
        }
    }
}
