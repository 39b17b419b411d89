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

@Suite("Holding and changing an appointment")
struct HoldTests {
    @Test("a hold keeps the slot, and becomes an appointment when it is confirmed")
    func confirming() async throws {
        try await ClinicFixture.with { clinic in
            let held = try await clinic.hold(clinic.instant(9))
            #expect(held.status == "held")
            #expect(try await clinic.book(clinic.instant(9), with: clinic.amina).status == 409)
            let answer = try await clinic.service.call(
                "POST", "/api/appointments/\(held.id)/confirm", token: try clinic.token(),
                headers: ["Idempotency-Key": "c"],
                body: "{\"patient\": {\"name\": \"Nadia\", \"phone\": \"+213661234567\"}}")
            #expect(answer.status == 200, "\(answer.text)")
            let confirmed = try answer.decode(AppointmentAnswer.self)
            #expect(confirmed.status == "confirmed")
            #expect(confirmed.version == 2)
        }
    }

    @Test("a hold that lapses frees the slot at once, and its end is recorded")
    func expiry() async throws {
        try await ClinicFixture.with { clinic in
            let held = try await clinic.hold(clinic.instant(9))
            try await clinic.service.host.service.watchHolds.readDeadlines()
            clinic.service.clock.advance(by: .seconds(5))
            #expect(try await clinic.book(clinic.instant(9), with: clinic.amina).status == 201)
            try await clinic.service.wait { _ in
                let read = try await clinic.service.call(
                    "GET", "/api/appointments/\(held.id)", token: try clinic.token())
                return try read.decode(AppointmentAnswer.self).status == "expired"
            }
            let late = try await clinic.service.call(
                "POST", "/api/appointments/\(held.id)/confirm", token: try clinic.token(),
                headers: ["Idempotency-Key": "c"],
                body: "{\"patient\": {\"name\": \"Nadia\", \"phone\": \"+213661234567\"}}")
            #expect(late.status == 409)
        }
    }

    @Test("a process whose clock is behind refuses to confirm a hold whose slot another process has given away")
    func slowClock() async throws {
        try await ClinicFixture.with { clinic in
            let held = try await clinic.hold(clinic.instant(9))
            clinic.service.clock.advance(by: .seconds(5))
            #expect(try await clinic.book(clinic.instant(9), with: clinic.amina).status == 201)
            try await clinic.data.query(
                "UPDATE appointments SET held_until = held_until + interval '90 s' WHERE status = 'held'")
            clinic.service.clock.advance(by: .seconds(-5))
            let late = try await clinic.service.call(
                "POST", "/api/appointments/\(held.id)/confirm", token: try clinic.token(),
                headers: ["Idempotency-Key": "c"],
                body: "{\"patient\": {\"name\": \"Nadia\", \"phone\": \"+213661234567\"}}")
            #expect(late.status == 409)
            #expect(late.text.contains("hold-expired"))
        }
    }

    @Test("a client has no more holds than the clinic allows, however many requests come at once")
    func holdsOfAClient() async throws {
        try await ClinicFixture.with { clinic in
            try await clinic.data.query(
                "UPDATE calendar SET version = version + 1, holds_per_client = 2, hold_lifetime_seconds = 600")
            let user = UserID.new()
            let asking = (0..<10).map { number in
                Task { @EventLoop in
                    try await clinic.ask(
                        "POST", "/api/appointments/holds", as: .patient, user: user,
                        #"{"careType": "consultation", "start": "\#(clinic.instant(9 + number / 2, number % 2 * 30))"}"#
                    )
                }
            }
            var answers: [TestAnswer] = []
            for task in asking { answers.append(try await task.value) }
            let refusals = answers.filter { $0.status != 201 }
            #expect(refusals.count == 8)
            for refusal in refusals {
                #expect(refusal.problem == "booking-limit" && refusal.text.contains("too-many-holds"))
                #expect(refusal.headers["retry-after"] == nil, "time does not lift it")
            }
            let other = try await clinic.ask(
                "POST", "/api/appointments/holds", as: .patient,
                #"{"careType": "consultation", "start": "\#(clinic.instant(16))"}"#)
            #expect(other.status == 201)
        }
    }

    @Test("moving is one step: the old time is free and the new one taken, or nothing changes")
    func rescheduling() async throws {
        try await ClinicFixture.with { clinic in
            let appointment = try await clinic.book(clinic.instant(9), with: clinic.amina).decode(
                AppointmentAnswer.self)
            _ = try await clinic.book(clinic.instant(10), with: clinic.amina)
            let refused = try await clinic.move(appointment, to: clinic.instant(10), version: 1)
            #expect(refused.status == 409)
            let moved = try await clinic.move(appointment, to: clinic.instant(9, 15), version: 1)
            #expect(moved.status == 200, "\(moved.text)")
            #expect(moved.headers["etag"] == "\"2\"")
            let stale = try await clinic.move(appointment, to: clinic.instant(14), version: 1)
            #expect(stale.status == 412)
            let blind = try await clinic.service.call(
                "PATCH", "/api/appointments/\(appointment.id)", token: try clinic.token(),
                body: "{\"start\": \"\(clinic.instant(14))\"}")
            #expect(blind.status == 428)
            #expect(try await clinic.book(clinic.instant(8, 45), with: clinic.amina).status == 201)
        }
    }

    @Test("a move that changed nothing is answered the same when it is sent again after a real one")
    func idempotentStandstill() async throws {
        try await ClinicFixture.with { clinic in
            let appointment = try await clinic.book(clinic.instant(9), with: clinic.amina).decode(
                AppointmentAnswer.self)
            let user = try clinic.token()
            func stay() async throws -> TestAnswer {
                try await clinic.service.call(
                    "PATCH", "/api/appointments/\(appointment.id)", token: user,
                    headers: ["If-Match": "\"1\"", "Idempotency-Key": "stay"],
                    body: "{\"start\": \"\(clinic.instant(9))\"}")
            }
            let first = try await stay()
            #expect(first.status == 200, "\(first.text)")
            #expect(try await clinic.move(appointment, to: clinic.instant(14), version: 1).status == 200)
            let again = try await stay()
            #expect(again.status == 200)
            #expect(again.text == first.text)
        }
    }

    @Test("a cancelled appointment frees its slot, and every change can be read with who and why")
    func cancelling() async throws {
        try await ClinicFixture.with { clinic in
            let appointment = try await clinic.book(clinic.instant(9), with: clinic.amina).decode(
                AppointmentAnswer.self)
            let answer = try await clinic.service.call(
                "DELETE", "/api/appointments/\(appointment.id)?reason=malade", token: try clinic.token())
            #expect(answer.status == 200, "\(answer.text)")
            #expect(try await clinic.book(clinic.instant(9), with: clinic.amina).status == 201)
            let history = try await clinic.service.call(
                "GET", "/api/appointments/\(appointment.id)/history", token: try clinic.token())
            struct History: Decodable {
                struct Change: Decodable { let event: String; let reason: String?; let actor: String }
                let changes: [Change]
            }
            let changes = try history.decode(History.self).changes
            #expect(changes.map(\.event) == ["confirmed", "cancelled"])
            #expect(changes.last?.reason == "malade")
            #expect(changes.last?.actor == "staff")
        }
    }

    @Test("patients see and change their own appointments only")
    func patients() async throws {
        try await ClinicFixture.with { clinic in
            let (yasmine, nadia) = (try clinic.token(.patient), try clinic.token(.patient))
            let answer = try await clinic.service.call(
                "POST", "/api/appointments/create", token: yasmine, headers: ["Idempotency-Key": "p"],
                body: clinic.booking(clinic.instant(9)))
            let id = try answer.decode(AppointmentAnswer.self).id
            #expect(try await clinic.service.call("GET", "/api/appointments/\(id)", token: yasmine).status == 200)
            #expect(try await clinic.service.call("GET", "/api/appointments/\(id)", token: nadia).status == 404)
            #expect(try await clinic.service.call("DELETE", "/api/appointments/\(id)", token: nadia).status == 404)
            let list = try await clinic.service.call("GET", "/api/appointments", token: nadia)
            #expect(list.text == "{\"items\":[]}")
        }
    }

    @Test("pages show each appointment once, whatever comes in between")
    func paging() async throws {
        try await ClinicFixture.with { clinic in
            struct Page: Decodable { let items: [AppointmentAnswer]; let next: String? }
            for quarter in 0..<7 { _ = try await clinic.book(clinic.instant(9, quarter * 30), with: clinic.amina) }
            var (seen, cursor): ([UUID], String?) = ([], "")
            let user = try clinic.token()
            while let next = cursor {
                let path = "/api/appointments?limit=2" + (next.isEmpty ? "" : "&cursor=\(next)")
                let page = try await clinic.service.call("GET", path, token: user).decode(Page.self)
                seen += page.items.map(\.id)
                cursor = page.next
                _ = try await clinic.book(clinic.instant(8), with: clinic.karim)
            }
            #expect(Set(seen).count == 7)
            #expect(seen.count == 7)
        }
    }
}

extension ClinicFixture {
    @EventLoop func hold(_ start: Instant) async throws -> AppointmentAnswer {
        let answer = try await service.call(
            "POST", "/api/appointments/holds", token: try token(), headers: ["Idempotency-Key": UUID().uuidString],
            body: "{\"careType\": \"consultation\", \"start\": \"\(start)\", \"practitioner\": \"\(amina)\"}")
        return try answer.decode()
    }

    @EventLoop func move(_ appointment: AppointmentAnswer, to start: Instant, version: Int) async throws -> TestAnswer {
        try await service.call(
            "PATCH", "/api/appointments/\(appointment.id)", token: try token(), headers: ["If-Match": "\"\(version)\""],
            body: "{\"start\": \"\(start)\"}")
    }
}
