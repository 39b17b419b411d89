import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import ServiceTesting
import Tenancy
import Testing

@Suite("Booking an appointment")
struct BookingTests {
    @Test("confirms a free slot, and shows it from then on")
    func booking() async throws {
        try await ClinicFixture.with { clinic in
            let answer = try await clinic.book(clinic.instant(9), with: clinic.amina)
            #expect(answer.status == 201, "\(answer.text)")
            let appointment = try answer.decode(AppointmentAnswer.self)
            #expect(appointment.status == "confirmed")
            #expect(answer.headers["location"] == "/api/appointments/\(appointment.id.uuidString.lowercased())")
            let read = try await clinic.service.call(
                "GET", "/api/appointments/\(appointment.id)", token: try clinic.token())
            #expect(try read.decode(AppointmentAnswer.self).start == clinic.instant(9))
        }
    }

    @Test("the loser of a race gets three alternatives that can be booked")
    func alternatives() async throws {
        try await ClinicFixture.with { clinic in
            _ = try await clinic.book(clinic.instant(9), with: clinic.amina)
            let lost = try await clinic.book(clinic.instant(9), with: clinic.amina)
            #expect(lost.status == 409)
            #expect(lost.problem == "slot-refused")
            let refusal = try lost.decode(Refusal.self)
            #expect(refusal.code == "slot-taken")
            #expect(refusal.alternatives.count == 3)
            // One at a time: each alternative is free until an overlapping one is taken.
            for alternative in refusal.alternatives {
                let booked = try await clinic.book(alternative.start, with: alternative.practitioner.id)
                #expect(booked.status == 201, "\(alternative.start): \(booked.text)")
                let id = try booked.decode(AppointmentAnswer.self).id
                let freed = try await clinic.service.call(
                    "DELETE", "/api/appointments/\(id)", token: try clinic.token())
                #expect(freed.status == 200, "\(freed.text)")
            }
            let first = try #require(refusal.alternatives.first)
            #expect(first.start == clinic.instant(9, 30))
        }
    }

    @Test("of many clients that want one slot at the same time exactly one gets it")
    func contention() async throws {
        try await ClinicFixture.with { clinic in
            // As many as there are sessions: who waits for one too long is asked to come back instead.
            let clients = 16
            for round in 0..<5 {
                let start = clinic.instant(8 + round)
                let tasks = (0..<clients).map { _ in
                    Task { @EventLoop in try await clinic.book(start, with: clinic.amina) }
                }
                var answers: [TestAnswer] = []
                for task in tasks { answers.append(try await task.value) }
                let statuses = answers.map(\.status)
                let others = answers.filter { ![201, 409].contains($0.status) }.map(\.text)
                #expect(statuses.filter { $0 == 201 }.count == 1)
                #expect(statuses.filter { $0 == 409 }.count == clients - 1, "\(others)")
            }
            let overlaps = try await clinic.data.query(
                """
                SELECT 1 FROM allocations a JOIN allocations b
                    ON a.resource = b.resource AND a.appointment < b.appointment AND a.during && b.during
                """)
            #expect(overlaps.isEmpty)
        }
    }

    @Test("without a practitioner any free one is taken, until none is free")
    func anybody() async throws {
        try await ClinicFixture.with { clinic in
            let start = clinic.instant(10)
            let tasks = (0..<6).map { _ in Task { @EventLoop in try await clinic.book(start).status } }
            var statuses: [Int] = []
            for task in tasks { statuses.append(try await task.value) }
            #expect(statuses.sorted() == [201, 201, 409, 409, 409, 409])
        }
    }

    @Test("sent again with its key a request is answered as before, and has no second effect")
    func idempotency() async throws {
        try await ClinicFixture.with { clinic in
            let user = try clinic.token()
            let headers = ["Idempotency-Key": "same-key"]
            func send(_ hour: Int) async throws -> TestAnswer {
                try await clinic.service.call(
                    "POST", "/api/appointments/create", token: user, headers: headers,
                    body: clinic.booking(clinic.instant(hour), with: clinic.amina))
            }
            let first = try await send(9)
            let again = try await send(9)
            #expect(again.status == first.status)
            #expect(again.text == first.text)
            let other = try await send(11)
            #expect(other.status == 422)
            #expect(other.problem == "idempotency-key-reused")
            let missing = try await clinic.service.call(
                "POST", "/api/appointments/create", token: user, body: clinic.booking(clinic.instant(12)))
            #expect(missing.status == 400)
            #expect(missing.problem == "idempotency-key-missing")
            let count = try await clinic.data.query("SELECT id FROM appointments").count
            #expect(count == 1)
        }
    }

    @Test("names what is wrong with a request, and books nothing")
    func badInput() async throws {
        try await ClinicFixture.with { clinic in
            let token = try clinic.token()
            let bodies = [
                ("{}", "invalid-body"), ("{", "invalid-body"),
                (clinic.booking(clinic.instant(9), phone: "+3361"), "invalid-body"),
                (clinic.booking(clinic.instant(9)).replacing("consultation", with: "massage"), "invalid-body"),
                (
                    clinic.booking(clinic.instant(9)).replacing("{\"name\"", with: "{\"age\": 3, \"name\""),
                    "invalid-body"
                ),
                (clinic.booking(clinic.instant(9)).replacing("consultation", with: "soin"), "booking-invalid"),
                (clinic.booking(clinic.instant(3)), "slot-refused"),
                (clinic.booking(clinic.instant(9, days: -3)), "slot-refused"),
                (clinic.booking(clinic.instant(9, days: 400)), "slot-refused"),
            ]
            for (body, slug) in bodies {
                let answer = try await clinic.service.call(
                    "POST", "/api/appointments/create", token: token, headers: ["Idempotency-Key": UUID().uuidString],
                    body: body)
                #expect(answer.problem == slug, "\(body) \(answer.text)")
            }
            #expect(try await clinic.data.query("SELECT id FROM appointments").isEmpty)
            let backwards = try await clinic.service.call(
                "GET", "/api/slots?careType=soin&from=\(clinic.instant(9))&to=\(clinic.instant(8))", token: token)
            #expect(backwards.problem == "invalid-query" && backwards.text.contains(#""pointer":"/to""#))
        }
    }

    @Test("a clinic takes as many bookings a minute as it has decided to")
    func rate() async throws {
        try await ClinicFixture.with { clinic in
            try await clinic.data.query("UPDATE calendar SET bookings_per_minute = 2, version = version + 1")
            let (path, user) = ("/api/appointments/create", UserID.new())
            // Six in a row meet the limit even when a minute ends in between.
            var statuses: [Int] = []
            for half in 0..<6 {
                let body = clinic.booking(clinic.instant(9, half * 30), with: clinic.amina)
                let answer = try await clinic.ask("POST", path, as: .staff, user: user, key: "\(half)", body)
                statuses.append(answer.status)
                #expect((answer.headers["retry-after"] != nil) == (answer.status == 429))
            }
            #expect(statuses.contains(429))
            #expect(statuses.prefix(2) == [201, 201])
            // The same request again gets the same answer.
            let again = try await clinic.ask(
                "POST", path, as: .staff, user: user, key: "0", clinic.booking(clinic.instant(9), with: clinic.amina))
            #expect(again.status == 201)
        }
    }

    @Test("stores nothing of a patient in clear")
    func encryption() async throws {
        try await ClinicFixture.with { clinic in
            _ = try await clinic.book(clinic.instant(9))
            for table in ["patients", "appointments", "appointment_history", "outbox", "idempotency_keys"] {
                let text: String = try await clinic.text(of: table)
                #expect(!text.contains("Yasmine"))
                #expect(!text.contains("551234567"))
            }
        }
    }

    @Test("every booking is published once, with the version of its appointment")
    func events() async throws {
        try await ClinicFixture.with { clinic in
            for hour in 9..<13 { _ = try await clinic.book(clinic.instant(hour), with: clinic.karim) }
            try await clinic.service.wait { _ in
                try await clinic.data.query("SELECT 1 FROM outbox WHERE published_at IS NULL").isEmpty
            }
            let rows = try await clinic.data.query("SELECT routing_key, version FROM outbox")
            #expect(rows.count == 4)
            for row in rows {
                let key: String = try row.get("routing_key")
                #expect(key.hasPrefix("cabinet-alger.booking.appointment.confirmed.v1."))
                #expect(try row.get("version", as: Int.self) == 1)
            }
        }
    }
}

extension ClinicFixture {
    /// Everything that a table holds, as text.
    @EventLoop func text(of table: String) async throws -> String {
        let statements: [String: SQL] = [
            "patients": "SELECT string_agg(t::text, ' ') AS text FROM patients t",
            "appointments": "SELECT string_agg(t::text, ' ') AS text FROM appointments t",
            "appointment_history": "SELECT string_agg(t::text, ' ') AS text FROM appointment_history t",
            "outbox": "SELECT string_agg(t::text, ' ') AS text FROM outbox t",
            "idempotency_keys": "SELECT string_agg(t::text, ' ') AS text FROM idempotency_keys t",
        ]
        return try await data.query(try #require(statements[table]))[0].get("text")
    }
}
