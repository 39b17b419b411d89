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

    @Test("what goes wrong is told as an OperationOutcome")
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
