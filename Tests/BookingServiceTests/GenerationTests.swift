import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import ServiceTesting
import Tenancy
import Testing

@Suite("Versions after a restore")
struct GenerationTests {
    @Test("an entity tag from before the restore is refused, although the version is the same")
    func tags() async throws {
        try await ClinicFixture.with { clinic in
            let booked = try await clinic.book(clinic.instant(9), with: clinic.amina)
            let id = try booked.decode(AppointmentAnswer.self).id
            let (amina, day) = ("/api/practitioners/\(clinic.amina)", clinic.day(3))
            let changes = [
                ("/api/appointments/\(id)", "PATCH", #"{"start": "\#(clinic.instant(10))"}"#),
                ("/api/patients/\(try await clinic.register(phone: "+213551234599"))", "PATCH", #"{"email": null}"#),
                // Before the practitioner: each change of the calendar raises the version of the settings.
                ("/api/settings", "PUT", try await Self.settings(of: clinic)),
                (amina, "PUT", #"{"name": "Dr Amina B.", "hours": {}}"#),
            ]
            for (path, _, _) in changes {
                #expect(try await Self.tag(of: path, clinic).contains("-") == false)
            }
            let before = try await Self.tags(of: changes.map(\.0), clinic)
            let generation = try await Self.beginGeneration(clinic)
            for ((path, method, body), seen) in zip(changes, before) {
                #expect(try await clinic.change(method, path, seen: seen, body).problem == "precondition-failed")
                let present = try await Self.tag(of: path, clinic)
                #expect(present == "\"\(generation)-\(seen.dropFirst())", "\(path)")
                let changed = try await clinic.change(method, path, seen: present, body)
                #expect(changed.status == 200, "\(changed.text)")
                #expect(changed.headers["etag"]?.hasPrefix("\"\(generation)-") == true)
                #expect(try await clinic.change(method, path, seen: present, body).problem == "precondition-failed")
            }
            for (path, body) in [
                ("\(amina)/exceptions/\(day)", #"{"hours": []}"#), ("/api/holidays/\(day)", #"{"name": "Aïd"}"#),
            ] {
                let first = try await clinic.change("PUT", path, seen: nil, body)
                #expect(first.headers["etag"] == "\"\(generation)-1\"", "\(first.text)")
                #expect(try await clinic.change("PUT", path, seen: "\"1\"", body).problem == "precondition-failed")
                let tag = try #require(first.headers["etag"])
                #expect(try await clinic.change("PUT", path, seen: tag, body).status == 200)
            }
        }
    }

    @Test("a repeated request is answered with the tag of the present generation")
    func repetition() async throws {
        try await ClinicFixture.with { clinic in
            let user = UserID.new()
            func book() async throws -> TestAnswer {
                try await clinic.ask(
                    "POST", "/api/appointments/create", as: .staff, user: user, key: "once",
                    clinic.booking(clinic.instant(9)))
            }
            #expect(try await book().headers["etag"] == "\"1\"")
            let generation = try await Self.beginGeneration(clinic)
            #expect(try await book().headers["etag"] == "\"\(generation)-1\"")
        }
    }

    @Test("a calendar of the restored version is not taken for the one that was read before")
    func catalog() async throws {
        try await ClinicFixture.with { clinic in
            #expect(try await clinic.book(clinic.instant(9), with: clinic.amina).status == 201)
            // What a restore does: another calendar under a version that was used before.
            try await clinic.data.batch([
                "SELECT begin_generation()", "DELETE FROM opening_hours WHERE resource = \(clinic.amina)",
            ])
            let refused = try await clinic.book(clinic.instant(11), with: clinic.amina)
            #expect(refused.status == 409, "\(refused.text)")
        }
    }

    @EventLoop private static func beginGeneration(_ clinic: ClinicFixture) async throws -> Int {
        try await clinic.data.query("SELECT begin_generation() AS number")[0].get("number")
    }

    @EventLoop private static func settings(of clinic: ClinicFixture) async throws -> String {
        let settings = try await clinic.ask("GET", "/api/settings").decode(Settings.self)
        return String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
    }

    @EventLoop private static func tags(of paths: [String], _ clinic: ClinicFixture) async throws -> [String] {
        var tags: [String] = []
        for path in paths { tags.append(try await tag(of: path, clinic)) }
        return tags
    }

    @EventLoop private static func tag(of path: String, _ clinic: ClinicFixture) async throws -> String {
        try #require(try await clinic.ask("GET", path).headers["etag"])
    }

    /// What can be set of the clinic's rules.
    private struct Settings: Codable {
        let slotGridMinutes, leadTimeMinutes, horizonDays, holdLifetimeSeconds, holdsPerClient: Int
        let concurrentBookings, bookingsPerMinute, cancellationCutOffMinutes: Int
    }
}

extension ClinicFixture {
    /// A change by a manager who has seen the version of this entity tag.
    @EventLoop fileprivate func change(
        _ method: String, _ path: String, seen tag: String?, _ body: String
    ) async throws -> TestAnswer {
        var headers: [String: String] = [:]
        headers["If-Match"] = tag
        return try await service.call(method, path, token: token(.manager), headers: headers, body: body)
    }
}
