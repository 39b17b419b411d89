import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Scheduling
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import AvailabilityService

@Suite("Events of appointments")
struct FollowingTests {
    @Test("that come together make one version of a day, and their lines of the journal are complete at once")
    func together() async throws {
        try await Suite.with { suite in
            let (day, before) = (try await suite.day(1), try await suite.versions())
            let news = [suite.news(9), suite.news(10), suite.news(11)]
            let outcome = try await suite.follow(news)
            #expect(!outcome.isUnfinished)
            #expect(outcome.entries.map(\.key.day) == [day])
            #expect(try await suite.versions()[day.description] == (before[day.description] ?? 0) + 1)
            let lines = try await suite.lines(of: news)
            #expect(lines.map(\.version) == Array(repeating: outcome.entries.first?.version, count: 3))
            #expect(lines.allSatisfy { $0.outcome == "published" })
        }
    }

    @Test("that come late and twice at once have one line in the journal")
    func lateAndTwice() async throws {
        try await Suite.with { suite in
            let (store, news) = (try await suite.store, [suite.news(9), suite.news(10)])
            try await store.data.transaction { transaction in
                try await suite.availability.host.service.followAppointments.note(
                    news + news, of: store, in: transaction)
            }
            #expect(try await suite.lines(of: news).count == 2)
        }
    }

    @Test("wait in the journal while another process has locked their day, and are published afterwards")
    func locked() async throws {
        try await Suite.with { suite in
            let (day, news) = (try await suite.day(1), [suite.news(9)])
            try await suite.data.transaction { transaction in
                try await transaction.query("SELECT FROM days WHERE day = \(day.description)::date FOR UPDATE")
                let outcome = try await suite.follow(news)
                #expect(outcome.isUnfinished && outcome.entries.isEmpty)
                #expect(try await suite.lines(of: news).map(\.version) == [nil])
            }
            // The reconciler finds it.
            try await suite.availability.wait { _ in try await suite.lines(of: news)[0].outcome == "published" }
            #expect(try await suite.offers(suite.instant(9)) == 1)
        }
    }
}

extension Suite {
    /// The first event of an appointment tomorrow.
    fileprivate func news(_ hour: Int) -> FollowAppointments.News {
        let (start, end) = (instant(hour), instant(hour, 30))
        let entry = AgendaEntry(
            appointment: .new(), version: 1, changedAt: .now,
            taken: TakenTime(practitioner: amina, room: nil, blocked: BlockedTime(from: start, to: end)))
        return FollowAppointments.News(
            entry: entry, cause: Cause("test", at: .now), place: TimeRange(start, end) ?? TimeRange(only: start))
    }

    /// Handles events as they are when they have come together.
    fileprivate func follow(_ news: [FollowAppointments.News]) async throws -> FollowAppointments.Outcome {
        let (store, follow) = (try await self.store, availability.host.service.followAppointments)
        return try await store.data.transaction { transaction in
            try await follow(news, generation: 1, of: store, in: transaction)
        }
    }

    /// What the journal says of events, in its order.
    fileprivate func lines(
        of news: [FollowAppointments.News]
    ) async throws -> [(version: Int?, outcome: String?)] {
        let rows = try await data.query(
            """
            SELECT view_version, outcome FROM publications
            WHERE event_id = ANY (\(news.map(\.cause.id))::uuid[]) ORDER BY id
            """)
        return try rows.map { (version: try $0.find("view_version"), outcome: try $0.find("outcome")) }
    }
}
