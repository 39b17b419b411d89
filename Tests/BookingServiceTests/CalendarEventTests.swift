import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import ServiceTesting
import Tenancy
import Testing

@Suite("Telling of the calendar")
struct CalendarEventTests {
    @Test("each change is published once, whole, with the calendar's version")
    func changes() async throws {
        try await ClinicFixture.with { clinic in
            let path = "/api/practitioners/\(clinic.amina)/exceptions"
            _ = try await clinic.ask("PUT", "/api/holidays/\(clinic.day(2))", #"{"name": "Fête"}"#)
            _ = try await clinic.ask("PUT", "\(path)/\(clinic.day(3))", #"{"hours": []}"#)
            _ = try await clinic.ask(
                "PUT", "\(path)/\(clinic.day())", #"{"hours": [{"opens": "09:00", "closes": "12:30"}]}"#)
            let events = try await clinic.published(CalendarChanged.self)
            let version: Int = try await clinic.data.query("SELECT version FROM calendar")[0].get("version")
            #expect(events.map(\.version) == [version - 2, version - 1, version])
            #expect(events.map(\.data.calendar.version) == events.map(\.version))
            #expect(Set(events.map(\.subject)) == ["calendar/cabinet-alger"])
            #expect(events.map(\.data.calendar.holidays.count) == [1, 1, 1])

            let calendar = try #require(events.last).data.calendar
            #expect(calendar.holidays.map(\.description) == [clinic.day(2)])
            #expect(calendar.resources.map(\.id).sorted() == calendar.resources.map(\.id))
            let amina = try #require(calendar.resources.first { $0.id.uuid == clinic.amina.uuid })
            #expect((amina.kind, amina.name) == ("practitioner", "Dr Amina"))
            #expect(amina.week.map(\.weekday) == Array(1...7))
            let (whole, morning) = try (clinic.open("08:00", "18:00"), clinic.open("09:00", "12:30"))
            #expect(amina.week.allSatisfy { $0.hours == [whole] })
            #expect(amina.exceptions.map(\.day.description) == [clinic.day(), clinic.day(3)])
            #expect(amina.exceptions.map(\.hours) == [[morning], []])
            #expect(calendar.resources.filter { $0.kind == "room" }.map(\.id.uuid) == [clinic.room.uuid])
            let surgery = try #require(calendar.careTypes.first { $0.careType == "chirurgie" })
            #expect((surgery.durationMinutes, surgery.bufferBefore, surgery.bufferAfter) == (60, 0, 30))
            #expect(Set(surgery.practitioners.map(\.uuid)) == [clinic.amina.uuid, clinic.karim.uuid])
            #expect(surgery.rooms?.map(\.uuid) == [clinic.room.uuid])
            let consultation = try #require(calendar.careTypes.first { $0.careType == "consultation" })
            #expect(consultation.rooms == nil)
        }
    }

    @Test("every change of the calendar is published; one that was refused or sent again is not")
    func everyWay() async throws {
        try await ClinicFixture.with { clinic in
            let (user, holiday) = (UserID.new(), "/api/holidays/\(clinic.day(5))")
            let exception = "/api/practitioners/\(clinic.karim)/exceptions/\(clinic.day(4))"
            let room = #"{"name": "Salle 2", "hours": {}}"#
            let care = """
                {"durationMinutes": 30, "bufferBefore": 5, "bufferAfter": 0, "needsRoom": false,
                 "practitioners": ["\(clinic.karim)"], "rooms": []}
                """
            let rules = """
                {"slotGridMinutes": 20, "leadTimeMinutes": 10, "horizonDays": 30, "holdLifetimeSeconds": 60,
                 "holdsPerClient": 2, "concurrentBookings": 50, "bookingsPerMinute": 90, "cancellationCutOffMinutes": 60}
                """
            let answers = [
                try await clinic.ask("POST", "/api/rooms", user: user, key: "room", room),
                try await clinic.ask(
                    "PUT", "/api/practitioners/\(clinic.karim)", seen: 1, #"{"name": "K", "hours": {}}"#),
                try await clinic.ask("PUT", exception, #"{"hours": []}"#),
                try await clinic.ask("DELETE", exception, seen: 1),
                try await clinic.ask("PUT", holiday, #"{"name": "Fête"}"#),
                try await clinic.ask("DELETE", holiday, seen: 1),
                try await clinic.ask("PUT", "/api/care-types/soin", care),
                try await clinic.ask("PUT", "/api/settings", seen: 9, rules),
                try await clinic.ask("DELETE", "/api/rooms/\(clinic.room)", seen: 1),
            ]
            #expect(answers.map(\.status) == [201, 200, 200, 200, 200, 200, 200, 200, 200])
            #expect(try await clinic.ask("POST", "/api/rooms", user: user, key: "room", room).status == 201)
            #expect(try await clinic.ask("PUT", "/api/settings", seen: 9, rules).status == 412)
            let events = try await clinic.published(CalendarChanged.self)
            #expect(events.map(\.version) == Array(3..<3 + answers.count))
            let calendar = try #require(events.last).data.calendar
            #expect((calendar.slotGridMinutes, calendar.leadTimeMinutes, calendar.horizonDays) == (20, 10, 30))
            #expect(calendar.careTypes.first { $0.careType == "soin" }?.bufferBefore == 5)
            #expect(!calendar.resources.contains { $0.id.uuid == clinic.room.uuid })
            #expect(calendar.careTypes.first { $0.careType == "chirurgie" }?.rooms == [])
            #expect(calendar.holidays.isEmpty)
        }
    }

    @Test("past days are not published")
    func past() async throws {
        try await ClinicFixture.with { clinic in
            for days in [-3, -1, 1] {
                _ = try await clinic.ask("PUT", "/api/holidays/\(clinic.day(days))", #"{"name": "Fête"}"#)
            }
            let calendar = try #require(try await clinic.published(CalendarChanged.self).last).data.calendar
            #expect(calendar.holidays.map(\.description) == [clinic.day(-1), clinic.day()])
        }
    }
}

extension ClinicFixture {
    func open(_ opens: String, _ closes: String) throws -> OpenHours {
        OpenHours(opens: try #require(MinuteOfDay(opens)), closes: try #require(MinuteOfDay(closes)))
    }

    /// The events of a kind, in order, once the broker has all that was recorded.
    @EventLoop func published<Payload: Event>(_ type: Payload.Type) async throws -> [CloudEvent<Payload>] {
        try await service.wait { _ in
            try await data.query("SELECT 1 FROM outbox WHERE published_at IS NULL").isEmpty
        }
        return try await data.query(
            "SELECT body FROM outbox WHERE body::json ->> 'type' = \(Payload.name.type) ORDER BY position"
        ).map { try JSONDecoder().decode(CloudEvent<Payload>.self, from: Data($0.get("body", as: String.self).utf8)) }
    }
}
