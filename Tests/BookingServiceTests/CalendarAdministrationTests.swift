import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import ServiceTesting
import Tenancy
import Testing

@Suite("Keeping the calendar")
struct CalendarAdministrationTests {
    private struct ResourceAnswer: Decodable {
        struct Interval: Decodable, Equatable { let opens, closes: String }
        let id: UUID
        let name: String
        let hours: [String: [Interval]]
        let isActive: Bool
        let version: Int
    }

    @Test(
        "practitioners and rooms are registered, read, replaced and taken out", arguments: ["practitioners", "rooms"])
    func resources(path: String) async throws {
        try await ClinicFixture.with { clinic in
            let body = #"{"name": " Dr Lina ", "hours": {"monday": [{"opens": "08:00", "closes": "12:00"}]}}"#
            let made = try await clinic.ask("POST", "/api/\(path)", key: "once", body)
            #expect(made.status == 201, "\(made.text)")
            let resource = try made.decode(ResourceAnswer.self)
            #expect(resource.name == "Dr Lina")
            #expect(resource.hours == ["monday": [.init(opens: "08:00", closes: "12:00")]])
            let location = "/api/\(path)/\(resource.id.uuidString.lowercased())"
            #expect(made.headers["location"] == location)

            let read = try await clinic.ask("GET", location, as: .staff)
            #expect(read.headers["etag"] == "\"1\"")
            let listed = try await clinic.ask("GET", "/api/\(path)", as: .staff)
                .decode(ListAnswer<ResourceAnswer>.self)
            #expect(listed.items.contains { $0.id == resource.id })

            let other = #"{"name": "Dr Lina B.", "hours": {}}"#
            #expect(try await clinic.ask("PUT", location, other).problem == "precondition-required")
            #expect(try await clinic.ask("PUT", location, seen: 7, other).problem == "precondition-failed")
            let replaced = try await clinic.ask("PUT", location, seen: 1, other)
            #expect(replaced.headers["etag"] == "\"2\"")
            #expect(try replaced.decode(ResourceAnswer.self).hours.isEmpty)

            let gone = try await clinic.ask("DELETE", location, seen: 2)
            #expect(try !gone.decode(ResourceAnswer.self).isActive)
            #expect(try await clinic.ask("GET", location).decode(ResourceAnswer.self).version == 3)
        }
    }

    @Test("a registration sent twice under one key happens once")
    func registeredOnce() async throws {
        try await ClinicFixture.with { clinic in
            let user = UserID.new()
            let body = #"{"name": "Salle 2", "hours": {}}"#
            let first = try await clinic.ask("POST", "/api/rooms", user: user, key: "k", body)
            let second = try await clinic.ask("POST", "/api/rooms", user: user, key: "k", body)
            #expect(first.body == second.body)
            let reused = try await clinic.ask(
                "POST", "/api/rooms", user: user, key: "k", #"{"name": "Salle 3", "hours": {}}"#)
            #expect(reused.problem == "idempotency-key-reused")
            let rooms = try await clinic.data.query("SELECT 1 FROM resources WHERE kind = 'room'")
            #expect(rooms.count == 2)
        }
    }

    @Test("hours that are none are refused where they are wrong")
    func badHours() async throws {
        struct Faults: Decodable {
            struct Fault: Decodable { let pointer: String }
            let errors: [Fault]
        }
        let wrong = [
            (#"{"monday": [{"opens": "12:00", "closes": "08:00"}]}"#, "/hours/monday/0"),
            (
                #"{"monday": [{"opens": "08:00", "closes": "12:00"}, {"opens": "11:00", "closes": "13:00"}]}"#,
                "/hours/monday"
            ),
            (#"{"lundi": []}"#, "/hours/lundi"),
            (#"{"friday": [{"opens": "8h", "closes": "12:00"}]}"#, "/hours/friday/0/opens"),
        ]
        try await ClinicFixture.with { clinic in
            for (hours, pointer) in wrong {
                let answer = try await clinic.ask("POST", "/api/rooms", #"{"name": "Salle", "hours": \#(hours)}"#)
                #expect(answer.status == 400)
                #expect(try answer.decode(Faults.self).errors.map(\.pointer) == [pointer], "\(answer.text)")
            }
        }
    }

    @Test("a change of hours counts at once and names the appointments it leaves outside")
    func conflicts() async throws {
        try await ClinicFixture.with { clinic in
            let booked = try await clinic.book(clinic.instant(15), with: clinic.amina).decode(AppointmentAnswer.self)
            _ = try await clinic.book(clinic.instant(9), with: clinic.amina, phone: "+213551234568")
            let path = "/api/practitioners/\(clinic.amina)/exceptions/\(clinic.day())"
            let mornings = #"{"hours": [{"opens": "08:00", "closes": "12:00"}], "reason": "Congrès"}"#
            let set = try await clinic.ask("PUT", path, mornings).decode(VersionAnswer.self)
            #expect(set.conflicts == [booked.id])
            #expect(try await clinic.book(clinic.instant(16), with: clinic.amina).problem == "slot-refused")

            #expect(try await clinic.ask("PUT", path, mornings).problem == "precondition-required")
            let listed = try await clinic.ask("GET", "/api/practitioners/\(clinic.amina)/exceptions", as: .staff)
                .decode(ListAnswer<VersionAnswer>.self)
            #expect(listed.items.map(\.version) == [1])
            let removed = try await clinic.ask("DELETE", path, seen: 1)
            #expect(removed.status == 200, "\(removed.text)")
            #expect(try await clinic.book(clinic.instant(16), with: clinic.amina).status == 201)
            #expect(try await clinic.ask("DELETE", path, seen: 1).status == 404)
        }
    }

    @Test("a holiday closes the clinic, save for those on duty")
    func holidays() async throws {
        try await ClinicFixture.with { clinic in
            let booked = try await clinic.book(clinic.instant(9), with: clinic.amina).decode(AppointmentAnswer.self)
            let path = "/api/holidays/\(clinic.day())"
            let set = try await clinic.ask("PUT", path, #"{"name": "Fête"}"#).decode(VersionAnswer.self)
            #expect(set.conflicts == [booked.id])
            #expect(try await clinic.book(clinic.instant(10), with: clinic.karim).problem == "slot-refused")
            _ = try await clinic.ask(
                "PUT", "/api/practitioners/\(clinic.karim)/exceptions/\(clinic.day())",
                #"{"hours": [{"opens": "10:00", "closes": "12:00"}]}"#)
            #expect(try await clinic.book(clinic.instant(10), with: clinic.karim).status == 201)
            let listed = try await clinic.ask("GET", "/api/holidays", as: .staff).decode(ListAnswer<VersionAnswer>.self)
            #expect(listed.items.count == 1)
            #expect(try await clinic.ask("DELETE", path).problem == "precondition-required")
            #expect(try await clinic.ask("DELETE", path, seen: 1).decode(VersionLess.self).conflicts.isEmpty)
        }
    }

    private struct VersionLess: Decodable { let conflicts: [UUID] }

    @Test("an inactive practitioner is not booked any more, and the booked appointments are named")
    func deactivation() async throws {
        try await ClinicFixture.with { clinic in
            let booked = try await clinic.book(clinic.instant(9), with: clinic.amina).decode(AppointmentAnswer.self)
            let gone = try await clinic.ask("DELETE", "/api/practitioners/\(clinic.amina)", seen: 1)
            #expect(try gone.decode(VersionAnswer.self).conflicts == [booked.id])
            #expect(try await clinic.book(clinic.instant(11), with: clinic.amina).status == 409)
            // Appointments still name their practitioner.
            #expect(try await clinic.ask("GET", "/api/appointments/\(booked.id)").text.contains("Dr Amina"))
        }
    }

    @Test("care types say how long, by whom and where, within their bounds")
    func careTypes() async throws {
        try await ClinicFixture.with { clinic in
            func body(_ minutes: Int, _ practitioner: String, buffer: Int = 0) -> String {
                """
                {"durationMinutes": \(minutes), "bufferBefore": 0, "bufferAfter": \(buffer), "needsRoom": true,
                 "practitioners": ["\(practitioner)"], "rooms": ["\(clinic.room)"]}
                """
            }
            let path = "/api/care-types/detartrage"
            let made = try await clinic.ask("PUT", path, body(45, "\(clinic.amina)"))
            #expect(made.status == 200, "\(made.text)")
            #expect(try await clinic.ask("PUT", path, body(45, "\(clinic.amina)")).problem == "precondition-required")
            let longer = try await clinic.ask("PUT", path, seen: 1, body(180, "\(clinic.amina)", buffer: 120))
            #expect(try longer.decode(VersionAnswer.self).version == 2)
            #expect(try await clinic.ask("PUT", path, seen: 2, body(14, "\(clinic.amina)")).status == 400)
            #expect(try await clinic.ask("PUT", path, seen: 2, body(181, "\(clinic.amina)")).status == 400)
            #expect(
                try await clinic.ask("PUT", path, seen: 2, body(30, "\(clinic.amina)", buffer: 121)).problem
                    == "booking-invalid")
            #expect(try await clinic.ask("PUT", path, seen: 2, body(30, "\(clinic.room)")).status == 400)
            #expect(try await clinic.ask("PUT", "/api/care-types/massage", body(30, "\(clinic.amina)")).status == 404)
            struct Care: Decodable { let careType: String; let durationMinutes: Int }
            let listed = try await clinic.ask("GET", "/api/care-types", as: .patient).decode(ListAnswer<Care>.self)
            #expect(listed.items.first { $0.careType == "detartrage" }?.durationMinutes == 180)
        }
    }

    @Test("settings keep their bounds and the version of the calendar")
    func settings() async throws {
        try await ClinicFixture.with { clinic in
            func body(grid: Int) -> String {
                """
                {"slotGridMinutes": \(grid), "leadTimeMinutes": 0, "horizonDays": 30, "holdLifetimeSeconds": 60,
                 "holdsPerClient": 2, "concurrentBookings": 50, "bookingsPerMinute": 90, "cancellationCutOffMinutes": 60}
                """
            }
            let version = try await clinic.ask("GET", "/api/settings", as: .staff).decode(VersionAnswer.self).version
            #expect(try await clinic.ask("PUT", "/api/settings", body(grid: 20)).problem == "precondition-required")
            #expect(try await clinic.ask("PUT", "/api/settings", seen: version, body(grid: 4)).status == 422)
            let set = try await clinic.ask("PUT", "/api/settings", seen: version, body(grid: 20))
            #expect(set.headers["etag"] == "\"\(version + 1)\"", "\(set.text)")
            #expect(
                try await clinic.ask("PUT", "/api/settings", seen: version, body(grid: 30)).problem
                    == "precondition-failed")
            #expect(try await clinic.book(clinic.instant(9, 15), with: clinic.amina).problem == "slot-refused")
            #expect(try await clinic.book(clinic.instant(9, 20), with: clinic.amina).status == 201)
        }
    }

    @Test("bookings and changes of the calendar at the same time leave no appointment that was not reported")
    func concurrency() async throws {
        try await ClinicFixture.with { clinic in
            let path = "/api/practitioners/\(clinic.amina)/exceptions/\(clinic.day())"
            // Fewer than there are sessions, so that no request is refused for having waited for one.
            let bookings = (0..<12).map { index in
                Task { @EventLoop in
                    try await clinic.book(
                        clinic.instant(8 + index / 2, index % 2 * 30), with: clinic.amina,
                        phone: "+2135512345\(10 + index)")
                }
            }
            let closing = Task { @EventLoop in try await clinic.ask("PUT", path, #"{"hours": []}"#) }
            var booked: Set<UUID> = []
            for booking in bookings {
                let answer = try await booking.value
                if answer.status == 201 { booked.insert(try answer.decode(AppointmentAnswer.self).id) }
            }
            let closed = try await closing.value
            try #require([200, 201].contains(closed.status), "\(closed.text)")
            let told = try closed.decode(VersionAnswer.self).conflicts
            #expect(Set(told ?? []) == booked)
        }
    }
}
