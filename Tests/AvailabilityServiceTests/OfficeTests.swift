import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import AvailabilityService

@Suite("A tenant's decision about its publication")
struct OfficeTests {
    @Test("closes and opens the tenant to the public at once")
    func opening() async throws {
        try await Suite.with { suite in
            let before = try await suite.ask("GET", "office")
            #expect(before.headers["etag"] == "\"1\"")
            let closed = try await suite.ask(
                "PUT", "office", headers: ["If-Match": "\"1\""],
                body: suite.settings(["isOpen": "false", "phone": "\"+21334123456\""]))
            try #require(closed.status == 200, "\(closed.text)")
            #expect(closed.headers["etag"] == "\"2\"")
            #expect(try await suite.search().slots.isEmpty)
            _ = try await suite.ask("PUT", "office", headers: ["If-Match": "\"2\""], body: suite.settings())
            #expect(try await !suite.search().slots.isEmpty)
            let after = try await suite.ask("GET", "office", as: .admin).decode(OfficeSettings.self)
            #expect(after.version.number == 3 && after.isOpen && after.bookingUrl == nil && after.city.text == "Béjaïa")
        }
    }

    @Test("is made by somebody who has seen the one before, or that there is none")
    func conditions() async throws {
        try await Suite.with { suite in
            let other = try await suite.another()
            func decide(_ headers: [String: String]) async throws -> Int {
                try await suite.ask("PUT", "office", of: other.slug, headers: headers, body: suite.settings()).status
            }
            #expect(try await suite.ask("GET", "office", of: other.slug).status == 404)
            #expect(try await decide(["If-Match": "\"1\""]) == 412)
            #expect(try await decide(["If-Match": "*"]) == 412)
            #expect(try await decide(["If-None-Match": "*"]) == 200)
            #expect(try await decide(["If-None-Match": "*"]) == 412)
            #expect(try await decide([:]) == 428)
            #expect(try await decide(["If-Match": "\"2\""]) == 412)
            #expect(try await decide(["If-Match": "*"]) == 200)
            #expect(try await decide(["If-Match": "\"2\""]) == 200)
            let registry = suite.availability.host.service.context.registry
            let generation: Int = try await registry.query("SELECT begin_generation() AS number")[0].get("number")
            #expect(try await decide(["If-Match": "\"3\""]) == 412)
            #expect(try await decide(["If-Match": "\"\(generation)-3\""]) == 200)
        }
    }

    @Test("of many that are made at the same time one is the next, and the others are told")
    func race() async throws {
        try await Suite.with { suite in
            let tasks = (0..<8).map { number in
                Task { @EventLoop in
                    try await suite.ask(
                        "PUT", "office", headers: ["If-Match": "\"1\""],
                        body: suite.settings(["city": "\"Ville \(number)\""]))
                }
            }
            var answers: [TestAnswer] = []
            for task in tasks { answers.append(try await task.value) }
            #expect(answers.filter { $0.status == 412 }.count == 7)
            let winner = try #require(answers.first { $0.status == 200 }).decode(OfficeSettings.self)
            let stored = try await suite.ask("GET", "office").decode(OfficeSettings.self)
            #expect(stored.version.number == 2 && stored.city == winner.city)
        }
    }

    @Test("is found by the name of its city without accents and hyphens, in six weeks, with a plus that is not escaped")
    func city() async throws {
        try await Suite.with { suite in
            let typed = suite.settings(["city": "\"Saint-Étienne\"", "phone": "\"034 12 34 56\""])
            let moved = try await suite.ask("PUT", "office", headers: ["If-Match": "\"1\""], body: typed)
            #expect(moved.status == 200 && moved.text.contains("+21334123456"), "\(moved.text)")
            let window = "careType=consultation&from=\(suite.instant(0))"
            for place in ["Saint+Etienne", "saint-%C3%89tienne", "SAINT%20E%CC%81TIENNE"] {
                let answer = try await suite.ask(
                    "GET", "search?place=\(place)&\(window)&to=\(suite.instant(0, days: 43))")
                #expect(
                    answer.status == 200 && answer.text.contains("\"start\""), "\(place): \(answer.text.prefix(300))")
            }
            let long = try await suite.ask(
                "GET", "search?place=x&\(window)&to=\(suite.instant(0, 1, days: 43))")
            #expect(long.problem == "invalid-query")
            let local = (suite.instant(9) + .seconds(3600)).description.dropLast()
            let zoned = try await suite.ask(
                "GET", "slots?careType=consultation&from=\(local)+01:00&to=\(suite.instant(12))")
            #expect(zoned.status == 200, "\(zoned.text)")
            for city in [String(repeating: "👨‍👩‍👧‍👦", count: 17), "Bé\u{202E}jaïa"] {
                let refused = try await suite.ask(
                    "PUT", "office", headers: ["If-Match": "*"], body: suite.settings(["city": "\"\(city)\""]))
                #expect(refused.status == 400, "\(refused.text)")
            }
        }
    }

    @Test("opens only with a telephone number or an address for appointments")
    func contact() async throws {
        try await Suite.with { suite in
            func decide(_ changes: [String: String]) async throws -> TestAnswer {
                try await suite.ask("PUT", "office", headers: ["If-Match": "*"], body: suite.settings(changes))
            }
            let unreachable = try await decide(["phone": "null"])
            #expect(unreachable.status == 400 && unreachable.problem == "invalid-body")
            #expect(unreachable.text.contains(#""pointer":"/phone""#))
            #expect(try await decide(["phone": "null", "bookingUrl": "\"https://rdv.exemple.dz\""]).status == 200)
            #expect(try await decide(["phone": "null", "isOpen": "false"]).status == 200)
            // What was decided before the rule is searched as before; the standards demand a contact.
            try await suite.decide(phone: nil, bookingURL: nil)
            #expect(try await !suite.search().slots.isEmpty)
            #expect(try await suite.read("/api/availability/bulk/locations").body.isEmpty)
            #expect(try await suite.availability.call("GET", "\(Suite.fhir)/metadata").status == 404)
        }
    }

    @Test("says where the place is and what others call it")
    func place() async throws {
        try await Suite.with { suite in
            let identifier = #"{"system": "https://sante.exemple.dz/etablissements", "value": "06-0117"}"#
            func decide(_ changes: [String: String]) async throws -> TestAnswer {
                try await suite.ask("PUT", "office", headers: ["If-Match": "*"], body: suite.settings(changes))
            }
            let decided = try await decide([
                "state": "\"Béjaïa\"", "postalCode": "\"06000\"", "identifiers": "[\(identifier), \(identifier)]",
            ])
            try #require(decided.status == 200, "\(decided.text)")
            let stored = try await suite.ask("GET", "office").decode(OfficeSettings.self)
            #expect(stored.state?.text == "Béjaïa" && stored.postalCode?.text == "06000")
            #expect(stored.identifiers.map(\.value.text) == ["06-0117", "06-0117"])
            let location: SeenResource = try await suite.read("\(Suite.fhir)/Location/\(Suite.tenant.slug)").decode()
            #expect(location.address?.state == "Béjaïa" && location.address?.postalCode == "06000")
            #expect(location.identifier?.map(\.system) == stored.identifiers.map(\.system.text))
            let manifest: BulkManifest = try await suite.read("/api/availability/$bulk-publish").decode()
            #expect(manifest.output.allSatisfy { $0.extension?.state == ["Béjaïa"] })
            #expect(try await decide(["identifiers": "[\([identifier].repeated(9))]"]).status == 400)
            for wrong in ["sante", "", "sante.exemple.dz/a", "https://santé.dz", "https:", "javascript:alert(1)"] {
                let answer = try await decide(["identifiers": #"[{"system": "\#(wrong)", "value": "1"}]"#])
                #expect(answer.text.contains(#""pointer":"/identifiers/0/system""#), "\(wrong)")
            }
        }
    }

    @Test("is refused with a sentence for each value that breaks its rule")
    func validation() async throws {
        try await Suite.with { suite in
            struct Refusal: Decodable {
                struct Fault: Decodable {
                    let pointer: String
                    let detail: String
                }
                let errors: [Fault]
            }
            let answer = try await suite.ask(
                "PUT", "office", headers: ["If-Match": "*"],
                body: suite.settings([
                    "city": "\"\"", "phone": "\"appelez\"", "bookingUrl": "\"http://exemple.dz\"",
                    "latencyLimitMilliseconds": "49",
                ]))
            #expect(answer.status == 400 && answer.problem == "invalid-body")
            let faults = try answer.decode(Refusal.self).errors
            #expect(
                Set(faults.map(\.pointer)) == ["/city", "/phone", "/bookingUrl", "/latencyLimitMilliseconds"])
            #expect(faults.allSatisfy { $0.detail.contains("attendu") })
            #expect(try await suite.ask("GET", "office").decode(OfficeSettings.self).version.number == 1)
        }
    }
}

extension [String] {
    /// The items of a list in JSON, all of them so many times.
    fileprivate func repeated(_ count: Int) -> String {
        Array(repeating: joined(separator: ", "), count: count).joined(separator: ", ")
    }
}

extension Suite {
    /// One more tenant, which both services serve; its calendar comes when Booking has reported it.
    func another() async throws -> TenantProfile {
        var other = Self.tenant
        (other.id, other.slug) = (.new(), "cabinet-oran")
        try await booking.announce([other])
        let slug = other.slug
        try await availability.wait { try await $0.serves(slug) }
        return other
    }
}
