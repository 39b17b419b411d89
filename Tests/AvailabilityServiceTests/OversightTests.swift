import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import RedisTesting
import ServiceTesting
import Tenancy
import Testing

@testable import AvailabilityService

@Suite("Looking into publication")
struct OversightTests {
    @Test("the journal is searched by event, day, time and outcome, and read page by page")
    func journal() async throws {
        try await Suite.with { suite in
            let booked = try await suite.book(suite.instant(11), with: suite.amina)
            try await suite.caughtUp()
            try await suite.cancel(booked)
            try await suite.caughtUp()
            let mine = try await suite.publications("limit=100").items.filter {
                $0.aggregate == "appointment/\(booked.id)"
            }
            #expect(mine.map(\.aggregateVersion) == [2, 1])
            let line = try #require(mine.first)
            #expect(line.eventType == "guichet.booking.appointment.cancelled.v1" && line.outcome == .published)
            try await suite.availability.wait { _ in
                let seen = try await suite.publications("eventId=\(line.eventId)").items
                return seen.count == 1 && seen[0].latencyMilliseconds.map { (0...10_000).contains($0) } ?? false
            }
            #expect(try await suite.publications("day=\(line.day)&outcome=published").items.count >= 2)
            #expect(try await suite.publications("day=\(line.day)&outcome=withheld").items.isEmpty == false)
            #expect(try await suite.publications("day=2020-01-01").items.isEmpty)
            #expect(try await suite.publications("to=\(line.appliedAt)&limit=1").items[0].number < line.number)
            #expect(try await suite.publications("from=\(suite.instant(0))").items.isEmpty)
            try await pages(of: suite)
        }
    }

    private func pages(of suite: Suite) async throws {
        let all = try await suite.publications("limit=100").items.map(\.number)
        #expect(all == all.sorted(by: >))
        var (numbers, cursor): ([Int], String) = ([], "")
        while numbers.count < 60 {
            let page = try await suite.publications("limit=25\(cursor)")
            numbers += page.items.map(\.number)
            guard let next = page.next else { break }
            cursor = "&cursor=\(next)"
        }
        #expect(Array(numbers.prefix(60)) == Array(all.prefix(60)) && numbers.count >= 40)
        #expect(try await suite.ask("GET", "days?limit=5\(cursor)").problem == "invalid-cursor")
    }

    @Test("a day that somebody has looked at anew is not shown until Booking has reported it")
    func recalculation() async throws {
        try await Suite.with { suite in
            let day = try await suite.days("").items[2].day
            let shown = try await suite.search(days: 1).slots
            // What an operator has spoilt by hand is put right from the central index.
            try await suite.data.query("UPDATE days SET view = '' WHERE day = \(day.description)::date")
            let answer = try await suite.ask("POST", "days/\(day)/recalculate")
            try #require(answer.status == 202, "\(answer.text)")
            #expect(try answer.decode(DayState.self).doubt == "requested")
            try await suite.published()
            #expect(try await suite.days("doubted=true").items.isEmpty)
            #expect(try await suite.search(days: 1).slots == shown)
            let journal = try await suite.publications("day=\(day)&limit=2").items
            #expect(journal.map(\.outcome) == [.recalculated, .withheld])
            #expect(journal.map(\.eventType) == [AgendaReported.name.type, "recalculation-requested"])
            #expect(try await suite.ask("POST", "days/2020-01-01/recalculate").status == 404)
        }
    }

    @Test("while Booking does not answer, a day that is recalculated stays withheld, and is asked for again and again")
    func patience() async throws {
        try await Suite.with { suite in
            try await suite.booking.stop()
            let day = try await suite.days("").items[2].day
            for _ in 0..<2 { #expect(try await suite.ask("POST", "days/\(day)/recalculate").status == 202) }
            try await suite.availability.wait { _ in
                let doubted = try await suite.days("doubted=true").items
                return doubted.count == 1 && doubted[0].day == day && doubted[0].attempts >= 2
            }
            #expect(try await suite.search(days: 1).withheld.map(\.day) == [day])
            let status = try await suite.ask("GET", "status").decode(Status.self)
            #expect(status.quarantined == 1 && status.days >= 23)
            #expect(try await suite.days("doubted=false&limit=100").items.count == status.days - 1)
        }
    }

    @Test("the status counts, and says how fast publication is")
    func status() async throws {
        try await Suite.with { suite in
            try await suite.book(suite.instant(9), with: suite.amina)
            try await suite.caughtUp()
            try await suite.availability.wait { _ in
                let status = try await suite.ask("GET", "status").decode(Status.self)
                return status.latency.pending == 0 && status.quarantined == 0 && status.uncached == 0
            }
            let status = try await suite.ask("GET", "status", as: .admin).decode(Status.self)
            #expect(!status.degraded && status.latencyLimitMilliseconds == 2000 && status.latency.publications > 0)
            let latency = status.latency
            let (p50, p99, max) = (try #require(latency.p50), try #require(latency.p99), try #require(latency.max))
            #expect(p50 <= p99 && p99 <= max)
        }
    }

    @Test("who runs the installation sees every tenant, and what concerns none alone")
    func installation() async throws {
        try await Suite.with { suite in
            suite.redis.kill()
            try await suite.availability.wait { _ in
                let answer = try await suite.ask("GET", "anomalies", as: .superAdmin, of: .platform)
                return try answer.decode(Listed<AnomalyView>.self).items.map(\.kind) == [.cacheAway]
            }
            #expect(try await suite.ask("GET", "anomalies").decode(Listed<AnomalyView>.self).items.isEmpty)
            let own = "tenant=\(Suite.tenant.slug)"
            for path in ["publications", "anomalies", "days", "status"] {
                let answer = try await suite.ask("GET", "\(path)?\(own)", as: .superAdmin, of: .platform)
                #expect(answer.status == 200, "\(path): \(answer.text)")
            }
            let status = try await suite.ask("GET", "status?\(own)", as: .superAdmin, of: .platform)
            #expect(try status.decode(Status.self).degraded)
            for path in ["publications", "days", "status"] {
                let answer = try await suite.ask("GET", path, as: .superAdmin, of: .platform)
                #expect(answer.status == 400 && answer.problem == "invalid-query", "\(path)")
            }
        }
    }
}

/// What the tests read of a status.
private struct Status: Decodable {
    let degraded: Bool
    let days, quarantined, uncached, latencyLimitMilliseconds: Int
    let latency: LatencyView
}

extension Suite {
    fileprivate func publications(_ query: String) async throws -> Listed<PublicationView> {
        try await ask("GET", "publications?\(query)").decode()
    }

    fileprivate func days(_ query: String) async throws -> Listed<DayState> {
        try await ask("GET", "days?\(query)").decode()
    }
}
