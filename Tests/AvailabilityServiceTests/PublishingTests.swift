import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import AvailabilityService

@Suite("Publishing free slots")
struct PublishingTests {
    @Test("a slot that is taken disappears, and is there again when it is free")
    func takenAndFreed() async throws {
        try await Suite.with { suite in
            let start = suite.instant(9)
            #expect(try await suite.offers(start) == 2)
            let booked = try await suite.book(start, with: suite.amina)
            try await suite.caughtUp()
            #expect(try await suite.offers(start) == 1)
            try await suite.cancel(booked)
            try await suite.caughtUp()
            #expect(try await suite.offers(start) == 2)
        }
    }

    @Test("whoever has booked can ask for an answer that knows of it")
    func seen() async throws {
        try await Suite.with { suite in
            let start = suite.instant(10)
            let booked = try await suite.book(start, with: suite.karim)
            let view = try await suite.search(more: "&seen=\(Suite.tenant.slug)/\(booked.id)/\(booked.version)")
            #expect(view.slots.filter { $0.start == start }.count == 1)
        }
    }

    @Test("a client that asks too often has to wait, with or without a place that exists")
    func rate() async throws {
        try await Suite.with(["GUICHET_AVAILABILITY_SEARCHES_PER_MINUTE": "3"]) { suite in
            let query = "careType=consultation&place=nulle-part&from=\(suite.instant(0))&to=\(suite.instant(24))"
            var answers: [TestAnswer] = []
            for _ in 0..<4 {
                answers.append(try await suite.availability.call("GET", "/api/availability/search?\(query)"))
            }
            #expect(answers.map(\.status) == [200, 200, 200, 429])
            #expect(answers[3].problem == "too-many-requests" && answers[3].headers["retry-after"] != nil)
        }
    }

    @Test("each publication is in the journal, with its event and when everybody could see it")
    func journal() async throws {
        try await Suite.with { suite in
            let booked = try await suite.book(suite.instant(11), with: suite.amina)
            try await suite.caughtUp()
            try await suite.availability.wait { _ in
                let rows = try await suite.data.query(
                    """
                    SELECT outcome, visible_at - happened_at < interval '10 s' AS soon FROM publications
                    WHERE aggregate = \("appointment/\(booked.id)")
                    """)
                return try rows.count == 1 && rows[0].get("outcome", as: String.self) == "published"
                    && rows[0].find("soon") == true
            }
        }
    }

    @Test("a day that nothing waits for is left alone: what has just come for it is told with its own event")
    func strayLook() async throws {
        try await Suite.with { suite in
            let (store, day) = (try await suite.store, try await suite.day(1))
            let service = suite.availability.host.service
            let before = try await suite.versions()
            // As when an event commits after the days were found and before they are processed.
            let entry = AgendaEntry(
                appointment: .new(), version: 1, changedAt: .now,
                taken: TakenTime(
                    practitioner: suite.amina, room: nil,
                    blocked: BlockedTime(from: suite.instant(9), to: suite.instant(9, 30))))
            try await suite.data.batch(Placements.follow([entry]))
            let entries = try await suite.data.transaction { transaction in
                let stored = Query(
                    """
                    SELECT day::text AS day, version, view, calendar_version, false AS is_withheld, false AS is_doubted,
                        false AS is_answered FROM days WHERE day = \(day.description)::date
                    """
                ) { try $0.compactMap(StoredDay.init) }
                let (version, days) = try await transaction.ask(CalendarRows.sharedVersion, stored)
                let calendar = try #require(
                    try await service.calendars.calendar(of: store, version: version, in: transaction))
                let updateDays = UpdateDays(context: service.context)
                return try await updateDays(
                    days, by: .init(calendar: calendar, cause: Cause("test", at: .now)), in: transaction)
            }
            #expect(entries.isEmpty)
            #expect(try await suite.versions() == before)
        }
    }

    @Test("the next day, the days that are past are removed, whatever the horizon", arguments: [20, 1])
    func nextDay(horizon: Int) async throws {
        try await Suite.with { suite in
            let first = try #require(try await suite.versions().keys.min())
            try await suite.data.query("UPDATE calendar SET horizon_days = \(horizon)")
            suite.availability.clock.advance(by: .seconds(86_400))
            // Which days are added depends on whether the service had read the calendar before.
            try await suite.availability.wait { _ in try await suite.versions().keys.min().map { $0 > first } ?? false }
        }
    }

    @Test("no trace of the patient is stored")
    func noPersonalData() async throws {
        try await Suite.with { suite in
            try await suite.book(suite.instant(9))
            try await suite.caughtUp()
            let dump = try await suite.data.query(
                "SELECT query_to_xml('SELECT * FROM placements', true, false, '')::text AS text")[0]
            let text: String = try dump.get("text")
            #expect(!text.contains("patient") && !text.contains("213551234567") && !text.contains("Yasmine"))
        }
    }
}

extension Suite {
    /// How many practitioners can be had at `start`.
    func offers(_ start: Instant) async throws -> Int {
        try await search().slots.filter { $0.start == start }.count
    }
}
