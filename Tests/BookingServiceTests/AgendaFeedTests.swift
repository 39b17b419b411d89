import EventLoop
import Foundation
import GuichetProtocol
import Postgres
import Primitives
import ServiceTesting
import Tenancy
import Testing

@testable import BookingService

@Suite("Agendas for calendar programs")
struct AgendaFeedTests {
    private struct Address: Decodable {
        let url: String
        /// The address without the gateway.
        var path: String { URL(string: url)?.path ?? "" }
    }

    @Test("a secret address shows the agenda without a token, until there is a new one")
    func secret() async throws {
        try await ClinicFixture.with { clinic in
            let feed = "/api/practitioners/\(clinic.amina)/feed"
            let shared = try await clinic.ask("POST", feed)
            #expect(shared.status == 201, "\(shared.text)")
            let address = try shared.decode(Address.self)
            let first = address.path
            #expect(address.url == "http://127.0.0.1:\(clinic.service.port)\(first)" && first.hasSuffix(".ics"))
            let stored = try await clinic.data.query("SELECT token_digest::text AS digest FROM feeds")
            let digest: String = try stored[0].get("digest")
            #expect(!first.contains(digest))
            let answer = try await clinic.service.call("GET", first)
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "text/calendar; charset=utf-8")
            #expect(answer.headers["cache-control"] == "private, max-age=60")
            for other in [String(first.dropLast(4)), "\(first)?_=1700000000", "\(first.dropLast(4))?nocache"] {
                #expect(try await clinic.service.call("GET", other).text == answer.text)
            }

            let second = try await clinic.ask("POST", feed).decode(Address.self).path
            #expect(try await clinic.service.call("GET", first).status == 404)
            #expect(try await clinic.service.call("GET", second).status == 200)
            #expect(
                try await clinic.service.call("GET", "/api/calendar/cabinet-oran/\(second.suffix(47))").status == 404)
            #expect(try await clinic.ask("DELETE", feed).status == 204)
            #expect(try await clinic.service.call("GET", second).status == 404)
            #expect(try await clinic.ask("POST", "/api/practitioners/\(clinic.room)/feed").status == 404)
        }
    }

    @Test("a change raises SEQUENCE and the entity tag; nothing of the patient is in it")
    func events() async throws {
        try await ClinicFixture.with { clinic in
            let path = "/api/calendar/practitioners/\(clinic.amina)"
            let booked = try await clinic.book(clinic.instant(9), with: clinic.amina).decode(AppointmentAnswer.self)
            let id = booked.id.uuidString.lowercased()
            let made = try await clinic.ask("GET", path, as: .staff)
            let stamp = clinic.instant(9).description.filter { $0 != "-" && $0 != ":" }
            for line in [
                "UID:\(id)@cabinet-alger.guichet", "SEQUENCE:0", "STATUS:CONFIRMED", "DTSTART:\(stamp)",
                "SUMMARY:Rendez-vous consultation", "X-WR-CALNAME:Dr Amina",
                "LOCATION:Cité 109\\, Daboussy El Achour\\, Alger",
            ] { #expect(made.text.contains("\r\n\(line)\r\n"), "\(line) in \(made.text)") }
            #expect(!made.text.contains("Yasmine"))
            #expect(!made.text.contains("213551234567"))

            let tag = try #require(made.headers["etag"])
            let again = try await clinic.service.call(
                "GET", path, token: clinic.token(), headers: ["If-None-Match": tag])
            #expect(again.status == 304)
            _ = try await clinic.ask(
                "PATCH", "/api/appointments/\(id)", as: .staff, seen: 1, #"{"start": "\#(clinic.instant(10))"}"#)
            let moved = try await clinic.service.call(
                "GET", path, token: clinic.token(), headers: ["If-None-Match": tag])
            #expect(moved.status == 200)
            #expect(moved.text.contains("\r\nSEQUENCE:1\r\n"))

            _ = try await clinic.ask("DELETE", "/api/appointments/\(id)", as: .staff)
            let cancelled = try await clinic.ask("GET", path, as: .staff).text
            #expect(cancelled.contains("\r\nSEQUENCE:2\r\n"))
            #expect(cancelled.contains("\r\nSTATUS:CANCELLED\r\n"))
            try await clinic.data.query("UPDATE appointments SET updated_at = now() - interval '31 days'")
            #expect(try await !clinic.ask("GET", path, as: .staff).text.contains("VEVENT"))
        }
    }

    @Test(
        "an agenda without appointments is a calendar, too: it has the clinic's time zone, and says how often to read it"
    )
    func empty() async throws {
        try await ClinicFixture.with { clinic in
            let text = try await clinic.ask("GET", "/api/calendar/practitioners/\(clinic.amina).ics?x=1").text
            #expect(!text.contains("VEVENT"))
            for line in [
                "REFRESH-INTERVAL;VALUE=DURATION:PT15M", "NAME:Dr Amina", "BEGIN:VTIMEZONE", "TZID:Africa/Algiers",
                "BEGIN:STANDARD", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0100", "END:VTIMEZONE",
            ] { #expect(text.contains("\r\n\(line)\r\n"), "\(line) in \(text)") }
        }
    }

    @Test("a time zone has an observance for each period of one offset")
    func timeZone() throws {
        let changes = [("2026-03-29T01:00:00Z", 7200), ("2026-10-25T01:00:00Z", 3600)].compactMap { text, seconds in
            Instant(rfc3339: text).map { ZoneOffsets.Change(at: $0, secondsEast: seconds) }
        }
        var object = CalendarObject()
        object.add(try #require(ZoneOffsets(initial: 3600, changes: changes)), named: "Europe/Paris")
        #expect(
            object.text.split(separator: "\r\n") == [
                "BEGIN:VTIMEZONE", "TZID:Europe/Paris", "BEGIN:STANDARD", "DTSTART:19700101T000000",
                "TZOFFSETFROM:+0100", "TZOFFSETTO:+0100", "END:STANDARD", "BEGIN:DAYLIGHT", "DTSTART:20260329T020000",
                "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "END:DAYLIGHT", "BEGIN:STANDARD", "DTSTART:20261025T030000",
                "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD", "END:VTIMEZONE",
            ])
        var west = CalendarObject()
        west.add(try #require(ZoneOffsets(initial: -12_600)), named: "America/St_Johns")
        #expect(west.text.contains("TZOFFSETTO:-0330\r\n"))
    }

    @Test("holds are not shown")
    func holds() async throws {
        try await ClinicFixture.with { clinic in
            _ = try await clinic.ask(
                "POST", "/api/appointments/holds", as: .staff,
                #"{"careType": "consultation", "start": "\#(clinic.instant(9))", "practitioner": "\#(clinic.amina)"}"#)
            let feed = try await clinic.ask("GET", "/api/calendar/practitioners/\(clinic.amina)", as: .staff)
            #expect(!feed.text.contains("VEVENT"))
        }
    }

    @Test("lines are folded at 75 octets without cutting a character, and text is escaped")
    func lines() {
        let name = String(repeating: "é", count: 100) + ";,\\\n"
        var object = CalendarObject()
        object.add("SUMMARY", text: name)
        let text = object.text
        #expect(text.hasSuffix("\r\n"))
        let lines = text.components(separatedBy: "\r\n").dropLast()
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { $0.utf8.count <= 75 })
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix(" ") })
        let unfolded = text.replacing("\r\n ", with: "")
        #expect(unfolded == "SUMMARY:" + String(repeating: "é", count: 100) + "\\;\\,\\\\\\n\r\n")
    }
}
