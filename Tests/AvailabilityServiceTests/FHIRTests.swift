import EventLoop
import GuichetProtocol
import JSONCoding
import Primitives
import ServiceTesting
import Testing

@testable import AvailabilityService

@Suite("A tenant as a FHIR server")
struct FHIRTests {
    private struct Outcome: Decodable {
        struct Issue: Decodable {
            let severity, code, diagnostics: String
            let details: SeenResource.Concept
            let location: [String]?
        }
        let resourceType: String
        let issue: [Issue]
    }

    @Test("slots are found by schedule, start, status and type of care")
    func search() async throws {
        try await Suite.with { suite in
            try await suite.book(suite.instant(9), with: suite.amina)
            try await suite.caughtUp()
            let morning = "start=ge\(suite.instant(9))&start=lt\(suite.instant(10))&service-type=consultation"
            let all: SeenBundle = try await suite.read("\(Suite.fhir)/Slot?\(morning)").decode()
            #expect(all.resourceType == "Bundle" && all.type == "searchset")
            #expect(all.total == 8 && all.resources.count == 8)
            let free: SeenBundle = try await suite.read("\(Suite.fhir)/Slot?\(morning)&status=free").decode()
            let found = try await suite.search().slots.filter { slot in
                suite.instant(9) <= slot.start && slot.start < suite.instant(10)
            }
            #expect(free.total == found.count)
            let busy: SeenBundle = try await suite.read(
                "\(Suite.fhir)/Slot?\(morning)&status=busy&schedule=Schedule/\(suite.amina)&_include=Slot:schedule"
            ).decode()
            #expect(busy.entry?.map(\.search.mode) == ["match", "match", "include"])
            #expect(busy.resources.last?.id == suite.amina.description)
            #expect(busy.resources.first?.start == suite.instant(9))
            let none: SeenBundle = try await suite.read("\(Suite.fhir)/Slot?\(morning)&schedule=\(suite.tenantID)")
                .decode()
            #expect(none.total == 0 && none.entry == nil)
        }
    }

    @Test("pages lead from one to the next until everything was shown once")
    func paging() async throws {
        try await Suite.with { suite in
            let window = "start=ge\(suite.instant(8))&start=lt\(suite.instant(10))&_sort=start"
            let base = "http://127.0.0.1:\(suite.availability.port)"
            let whole: SeenBundle = try await suite.read("\(Suite.fhir)/Slot?\(window)&_count=500").decode()
            var (seen, next): ([String], String?) = ([], "\(base)\(Suite.fhir)/Slot?\(window)&_count=7")
            while let url = next {
                try #require(url.hasPrefix(base))
                let page: SeenBundle = try await suite.read(String(url.dropFirst(base.count))).decode()
                #expect(page.link("self") == url)
                #expect(page.total == whole.total)
                seen += page.resources.map(\.id)
                next = page.link("next")
            }
            #expect(seen == whole.resources.map(\.id))
            #expect(Set(seen).count == whole.total)
        }
    }

    @Test("every resource is found where the search says that it is")
    func reading() async throws {
        try await Suite.with { suite in
            try await suite.decide()
            let base = "http://127.0.0.1:\(suite.availability.port)"
            let slots: SeenBundle = try await suite.read("\(Suite.fhir)/Slot?_count=2").decode()
            let mine: SeenBundle = try await suite.read(
                "\(Suite.fhir)/Schedule?actor=Practitioner/\(suite.amina)&_id=Schedule/\(suite.amina)"
            ).decode()
            #expect(mine.resources.map(\.id) == [suite.amina.description])
            for entry in (slots.entry ?? []) + (mine.entry ?? []) {
                try #require(entry.fullUrl.hasPrefix(base))
                let answer = try await suite.read(String(entry.fullUrl.dropFirst(base.count)))
                #expect(answer.headers["content-type"] == "application/fhir+json")
                #expect(try answer.decode(SeenResource.self).id == entry.resource.id)
                for actor in entry.resource.actor ?? [] {
                    let it: SeenResource = try await suite.read("\(Suite.fhir)/\(actor.reference)").decode()
                    #expect(actor.reference == "\(it.resourceType)/\(it.id)")
                }
            }
            let capabilities = try await suite.read("\(Suite.fhir)/metadata").text
            #expect(capabilities.contains(#""fhirVersion":"4.0.1""#) && capabilities.contains("\(base)\(Suite.fhir)"))
        }
    }

    @Test("how an answer is to be written can be said of every interaction; only the format can be refused")
    func presentation() async throws {
        try await Suite.with { suite in
            let slots: SeenBundle = try await suite.read("\(Suite.fhir)/Slot?_count=1").decode()
            let slot = try #require(slots.resources.first)
            let paths = [
                "metadata", "Location/\(Suite.tenant.slug)", "Practitioner/\(suite.amina)", "Schedule/\(suite.amina)",
                "Schedule", "Slot/\(slot.id)", "Slot",
            ]
            let harmless = [
                "_format=json", "_format=application/fhir+json", "_format=application%2Fjson;%20fhirVersion=4.0",
                "_format=", "_pretty=true", "_pretty=false&_summary=false", "_summary=true", "_elements=id,start",
            ]
            for path in paths {
                for query in harmless { _ = try await suite.read("\(Suite.fhir)/\(path)?\(query)") }
                for query in ["_format=xml", "_format=application/fhir+xml", "_format=json;fhirVersion=5.0"] {
                    let refused = try await outcome(suite, "\(Suite.fhir)/\(path)?\(query)", 406)
                    #expect(refused.issue.map(\.code) == ["not-supported"])
                }
                _ = try await outcome(suite, "\(Suite.fhir)/\(path)?_pretty=peut-%C3%AAtre", 400)
            }
            for accept in ["*/*", "text/html, application/json;q=0.9", "application/fhir+json", "text/html, */*;q=0.8"]
            {
                _ = try await suite.read("\(Suite.fhir)/metadata", headers: ["Accept": accept])
            }
            for accept in ["application/fhir+xml", "text/html, application/json;q=0"] {
                let refused = try await suite.availability.call(
                    "GET", "\(Suite.fhir)/metadata", headers: ["Accept": accept])
                #expect(refused.status == 406)
            }
        }
    }

    @Test("a search can ask for the number of matches alone, and for more on a page than is granted")
    func counts() async throws {
        try await Suite.with { suite in
            for kind in ["Slot", "Schedule"] {
                let whole: SeenBundle = try await suite.read("\(Suite.fhir)/\(kind)?_count=100000").decode()
                #expect(whole.total > 0 && whole.resources.count == min(whole.total, 500))
                #expect((whole.link("next") == nil) == (whole.total <= 500))
                for query in ["_count=0", "_summary=count", "_summary=count&_count=5", "_total=none&_count=0"] {
                    let count: SeenBundle = try await suite.read("\(Suite.fhir)/\(kind)?\(query)").decode()
                    #expect(count.total == whole.total && count.entry == nil && count.link("next") == nil, "\(query)")
                }
                _ = try await outcome(suite, "\(Suite.fhir)/\(kind)?_count=-1", 400)
            }
        }
    }

    @Test("times carry the offset of the place")
    func offsets() async throws {
        try await Suite.with { suite in
            let slots = try await suite.read(
                "\(Suite.fhir)/Slot?start=\(suite.instant(9))&_include=Slot:schedule"
            ).text
            #expect(slots.contains(#""start":"\#(suite.local(9))""#) && slots.contains(#""planningHorizon":"#))
            #expect(!slots.contains(#"Z""#))
        }
    }

    @Test("what precedes the choice of a route is an OperationOutcome, too")
    func earlyOutcomes() async throws {
        try await Suite.with { suite in
            for path in ["/api/fhir", "/api/fhir/", "\(Suite.fhir)/Patient", "\(Suite.fhir)/Slot/a/b"] {
                _ = try await outcome(suite, path, 404)
            }
            _ = try await outcome(suite, "\(Suite.fhir)/Slot?start=%", 400)
            let wrong = try await suite.availability.call("DELETE", "\(Suite.fhir)/Slot")
            #expect(wrong.status == 405 && wrong.headers["content-type"] == "application/fhir+json")
            #expect(try wrong.decode(Outcome.self).issue.map(\.code) == ["not-supported"])
        }
    }

    @Test("what goes wrong is answered as an OperationOutcome")
    func outcomes() async throws {
        try await Suite.with { suite in
            let wrong = try await outcome(
                suite, "\(Suite.fhir)/Slot?start=demain&status=libre&couleur=bleu&_count=1&_count=2", 400)
            #expect(
                Set(wrong.issue.compactMap(\.location?.first)) == [
                    "http.start", "http.status", "http.couleur", "http._count",
                ])
            #expect(wrong.issue.allSatisfy { $0.severity == "error" && $0.code == "invalid" })
            for path in ["/Slot/rien", "/Slot/\(SlotID.sample)", "/Location/voisin", "/Schedule/\(suite.tenantID)"] {
                let missing = try await outcome(suite, Suite.fhir + path, 404)
                #expect(missing.issue.map(\.code) == ["not-found"])
                #expect(missing.issue.first?.details.coding.first?.code == "not-found")
            }
            _ = try await outcome(suite, "/api/fhir/inconnu/Slot", 404)
            try await suite.decide(isOpen: false)
            _ = try await outcome(suite, "\(Suite.fhir)/metadata", 404)
        }
    }

    private func outcome(_ suite: Suite, _ path: String, _ status: Int) async throws -> Outcome {
        let answer = try await suite.availability.call("GET", path)
        #expect(answer.status == status, "\(path): \(answer.text)")
        #expect(answer.headers["content-type"] == "application/fhir+json")
        let outcome: Outcome = try answer.decode()
        #expect(outcome.resourceType == "OperationOutcome")
        return outcome
    }
}

extension Suite {
    /// An id without a schedule.
    var tenantID: String { Self.tenant.id.description }
}
