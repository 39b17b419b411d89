import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import ServiceTesting
import Tenancy
import Testing

@testable import AvailabilityService

@Suite("SMART Scheduling Links")
struct BulkPublishTests {
    @Test("the manifest leads to all files, as the client reaches them")
    func manifest() async throws {
        try await Suite.with { suite in
            let path = "/api/availability/$bulk-publish"
            let answer = try await suite.read(path, headers: ["X-Forwarded-Proto": "https", "Accept": "*/*"])
            #expect(answer.headers["content-type"] == "application/json")
            let manifest: BulkManifest = try answer.decode()
            let base = "https://127.0.0.1:\(suite.availability.port)"
            #expect(manifest.request == base + path)
            #expect(abs((Instant.now - manifest.transactionTime) / .seconds(1)) < 120)
            #expect(manifest.error.isEmpty)
            #expect(Set(manifest.output.map(\.type)) == [.location, .schedule, .slot])
            for file in manifest.output {
                try #require(file.url.hasPrefix("\(base)/"))
                let content = try await suite.read(String(file.url.dropFirst(base.count)))
                #expect(content.headers["content-type"] == "application/fhir+ndjson")
                #expect(content.headers["cache-control"] == "public, max-age=60")
                #expect(try content.lines.allSatisfy { $0.resourceType == file.type.rawValue })
            }
        }
    }

    @Test("each free slot of the search is in the files, and each that is taken is marked as such")
    func slots() async throws {
        try await Suite.with { suite in
            try await suite.decide()
            let taken = suite.instant(9)
            try await suite.book(taken, with: suite.amina)
            try await suite.caughtUp()
            let slots = try await suite.read(suite.slotFile).lines
            let day = slots.filter { slot in
                slot.start.map { suite.instant(0) <= $0 && $0 < suite.instant(24) } ?? false
                    && slot.serviceType?.first?.coding.first?.code == "consultation"
            }
            let shown = try await suite.search().slots
            #expect(Set(day.filter { $0.status == "free" }.map(\.start)) == Set(shown.map(\.start)))
            #expect(day.count { $0.status == "free" } == shown.count)
            let busy = try #require(day.first { $0.start == taken && $0.status == "busy" })
            #expect(busy.schedule?.reference == "Schedule/\(suite.amina)")
            #expect(busy.phone == "+213551234567")
            #expect(busy.link == "https://rdv.exemple.dz/?lieu=1&slot=\(busy.id)")
            let schedules = try await suite.read("/api/availability/bulk/schedules").lines
            #expect(Set(slots.compactMap(\.schedule?.reference)) == Set(schedules.map { "Schedule/\($0.id)" }))
            #expect(schedules.allSatisfy { $0.actor?.map(\.reference) == ["Location/\(Suite.tenant.slug)"] })
            #expect(Set(schedules.compactMap(\.comment)) == ["Dr Amina", "Dr Karim"])
        }
    }

    @Test("a file that has not changed is 304, and only days that have changed are asked for")
    func changes() async throws {
        try await Suite.with { suite in
            let before = try await suite.read(suite.slotFile)
            let tag = try #require(before.headers["etag"])
            try await suite.book(suite.instant(9), with: suite.amina)
            try await suite.caughtUp()
            let after = try await suite.read(suite.slotFile, headers: ["If-None-Match": tag])
            let newTag = try #require(after.headers["etag"])
            #expect(newTag != tag)
            let again = try await suite.availability.call("GET", suite.slotFile, headers: ["If-None-Match": newTag])
            // The minute may have turned, with which today's first slots go.
            #expect(again.status == 304 || again.headers["etag"] != newTag)
            // Days are dated by the database, whose transactions end after it: everything here is younger than a minute.
            let future = Instant(seconds: Instant.now.seconds + 3600)
            let none = try await suite.read("\(suite.slotFile)?_since=\(future)")
            #expect(none.body.isEmpty)
            try await suite.data.query("UPDATE days SET changed_at = now() - interval '1 hour'")
            try await suite.book(suite.instant(10), with: suite.amina)
            try await suite.caughtUp()
            let changed = try await suite.read("\(suite.slotFile)?_since=\(Instant.now - .seconds(600))").lines
            #expect(!changed.isEmpty)
            #expect(
                changed.allSatisfy { slot in
                    slot.start.map { suite.instant(0) <= $0 && $0 < suite.instant(24) } ?? false
                })
        }
    }

    @Test("times carry the offset of the place, codes their name, and parameters against caches change nothing")
    func content() async throws {
        try await Suite.with { suite in
            let slots = try await suite.read("\(suite.slotFile)?_=17").text
            #expect(
                slots.contains(#""start":"\#(suite.local(9))""#) && slots.contains(#""end":"\#(suite.local(9, 30))""#))
            #expect(!slots.contains(#"Z""#))
            #expect(slots.contains(#"{"code":"chirurgie","display":"Chirurgie","system":"#))
            let schedules = try await suite.read("/api/availability/bulk/schedules?nocache").text
            #expect(schedules.contains(":00+01:00") && !schedules.contains(#"Z""#))
            #expect(try await suite.read("/api/availability/bulk/locations?_=1&_=2").lines.count == 1)
            let manifest: BulkManifest = try await suite.read("/api/availability/$bulk-publish?x=1").decode()
            #expect(manifest.request.hasSuffix("/api/availability/$bulk-publish?x=1"))
            let wrong = try await suite.availability.call("GET", "/api/availability/$bulk-publish?_since=hier")
            #expect(wrong.status == 400)
        }
    }

    @Test("what is closed is in no file")
    func closed() async throws {
        try await Suite.with { suite in
            try await suite.decide(isOpen: false)
            let manifest: BulkManifest = try await suite.read("/api/availability/$bulk-publish").decode()
            #expect(manifest.output.map(\.type) == [.location, .schedule])
            #expect(try await suite.read("/api/availability/bulk/locations").body.isEmpty)
            #expect(try await suite.read("/api/availability/bulk/schedules").body.isEmpty)
            let slots = try await suite.availability.call("GET", suite.slotFile)
            #expect(slots.problem == "not-found")
        }
    }
}
