import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import RedisTesting
import ServiceTesting
import Tenancy
import Testing

@testable import AvailabilityService

@Suite("A publication that comes late")
struct LatencyAlarmTests {
    @Test("is an anomaly, an event and a number for the administrator, once a minute (A2)")
    func alarm() async throws {
        try await Suite.with { suite in
            let decided = try await suite.ask(
                "PUT", "office", headers: ["If-Match": "*"], body: suite.settings(["latencyLimitMilliseconds": "50"]))
            #expect(decided.status == 200)
            // The cache takes nothing and says nothing: the publication waits for its deadline.
            suite.redis.freeze()
            let booked = try await suite.book(suite.instant(9), with: suite.amina)
            try await suite.book(suite.instant(10), with: suite.karim)
            try await suite.availability.wait { _ in try await !suite.told(AnomalyDetected.self).isEmpty }
            suite.redis.thaw()
            try await suite.caughtUp()
            let events = try await suite.told(AnomalyDetected.self).filter { $0.data.kind == "latency" }
            #expect(events.count == 1)
            let event = try #require(events.first)
            let listed = try await suite.ask("GET", "anomalies?kind=latency").decode(Listed<AnomalyView>.self).items
            #expect(listed.map(\.id.description) == [event.partitionkey])
            #expect(listed.first?.detail == event.data.detail && listed.first?.eventId == event.data.event)
            let cause = try #require(event.data.event)
            let journal = try await suite.ask("GET", "publications?eventId=\(cause)")
                .decode(Listed<PublicationView>.self).items
            #expect(journal.first?.latencyMilliseconds ?? 0 > 50)
            #expect(try await suite.told(DayPublished.self).count > 0 && booked.version == 1)
            let metrics = try await suite.availability.call("GET", "/metrics").text
            #expect(metrics.contains(#"guichet_publication_anomalies_total{kind="latency"} 1"#))
        }
    }

    @Test("a day that comes within the horizon is not late, though its calendar is old")
    func newDay() async throws {
        try await Suite.with { suite in
            let alarms = try await suite.told(AnomalyDetected.self).count
            let opened: SQL = """
                SELECT count(*) AS days FROM publications WHERE event_type = 'day-opened' AND visible_at IS NOT NULL
                    AND visible_at - happened_at < interval '10 s'
                """
            let before = try await suite.data.query(opened)[0].get("days", as: Int.self)
            try await suite.data.batch([
                "UPDATE calendar SET happened_at = now() - interval '3 days'",
                // As if it had never happened: neither stored nor published.
                "DELETE FROM outbox WHERE aggregate LIKE 'day/%' || (SELECT max(day) FROM days)",
                "DELETE FROM days WHERE day = (SELECT max(day) FROM days)",
            ])
            try await suite.availability.wait { _ in
                try await suite.data.query(opened)[0].get("days", as: Int.self) == before + 1
            }
            #expect(try await suite.told(AnomalyDetected.self).count == alarms)
        }
    }
}
