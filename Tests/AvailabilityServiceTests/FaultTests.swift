import AMQPTesting
import EventLoop
import FoundationEssentials
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Redis
import RedisTesting
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import AvailabilityService

@Suite("When something goes wrong with publication")
struct FaultTests {
    @Test("an event that got lost is noticed with the next one: the day is withheld, reported and right again")
    func lostEvent() async throws {
        try await Suite.with { suite in
            let booked = try await suite.book(suite.instant(9), with: suite.amina)
            try await suite.caughtUp()
            try await suite.lose(nextOf: booked.id)
            try await suite.move(booked, to: suite.instant(10))
            try await suite.lost(booked.id, version: 2)
            try await suite.cancel(booked)
            try await suite.caughtUp()
            #expect(try await suite.outcomes(of: booked.id).contains("withheld"))
            #expect(try await suite.anomalies("gap") == 1)
            try await suite.equalToIndex()
        }
    }

    @Test("an event that got lost with none behind it is found by the audit")
    func lostLastEvent() async throws {
        try await Suite.with { suite in
            let booked = try await suite.book(suite.instant(9), with: suite.amina)
            try await suite.caughtUp()
            try await suite.lose(nextOf: booked.id)
            try await suite.move(booked, to: suite.instant(10))
            try await suite.lost(booked.id, version: 2)
            // The event is lost: without the next one the check below would fail.
            #expect(try await suite.search().slots.filter { $0.start == suite.instant(10) }.count == 2)
            let today = try await suite.day(0)
            try await suite.availability.host.service.requestReports.check(
                today...today.advanced(by: 7), of: suite.store)
            try await suite.caughtUp()
            try await suite.equalToIndex()
            // It might still come; after a minute it is lost.
            #expect(try await suite.anomalies("divergence") == 0)
            try await suite.data.query(
                "UPDATE inbox SET version = 1 WHERE aggregate = \("appointment/\(booked.id)")")
            suite.availability.clock.advance(by: FindLosses.patience)
            try await suite.availability.wait { _ in try await suite.anomalies("divergence") == 1 }
        }
    }

    @Test(
        "an event that is parked with none behind it is noticed at once: its day is withheld, reported and right again")
    func parkedEvent() async throws {
        try await Suite.with { suite in
            try await suite.data.batch([
                """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''refused''; END'
                """,
                "CREATE TRIGGER refused BEFORE INSERT ON placements FOR EACH STATEMENT EXECUTE FUNCTION refuse()",
            ])
            let booked = try await suite.book(suite.instant(9), with: suite.amina)
            let parked = ParkedMessages(of: AvailabilityService.name, try suite.broker.configuration())
            try await suite.availability.wait { _ in
                try await parked.list(limit: 10).contains { $0.type.contains("appointment") }
            }
            #expect(try await suite.anomalies("gap") == 1)
            try await suite.availability.wait { _ in try await suite.outcomes(of: booked.id).contains("withheld") }
            #expect(try await suite.search().slots.isEmpty)
            // The reports that were asked for so far could not be stored either.
            try await suite.data.query("DROP TRIGGER refused ON placements")
            try await suite.caughtUp()
            try await suite.equalToIndex()
        }
    }

    @Test("a report that finds everything as it is known leaves no trace in the journal")
    func reportWithoutNews() async throws {
        try await Suite.with { suite in
            let (reports, journal) = (try await suite.reportsHeard(), try await suite.journalLength())
            let today = try await suite.day(0)
            try await suite.availability.host.service.requestReports.check(
                today...today.advanced(by: 7), of: suite.store)
            try await suite.availability.wait { _ in try await suite.reportsHeard() > reports }
            #expect(try await suite.journalLength() == journal)
        }
    }

    @Test("events that come again, and in another order, change nothing; each has its lines in the journal once")
    func repeatedAndReordered() async throws {
        try await Suite.with { suite in
            var booked: [Suite.Booked] = []
            for minute in [0, 30] { booked.append(try await suite.book(suite.instant(9, minute), with: suite.karim)) }
            for appointment in booked {
                try await suite.move(appointment, to: suite.instant(14, appointment.id == booked[0].id ? 0 : 30))
            }
            try await suite.cancel(booked[0])
            try await suite.caughtUp()
            let before = try await suite.versions()
            // The inbox forgets, and Booking tells everything once more, the newest first. The journal has one of them.
            try await suite.data.query("DELETE FROM inbox")
            try await suite.data.query("DELETE FROM publications WHERE aggregate_version > 1 OR day < current_date")
            let index = try await suite.booking.host.platform.directory.store(for: Suite.tenant.slug)
            try await index.data.batch([
                "ALTER TABLE outbox ALTER position DROP IDENTITY",
                "UPDATE outbox SET position = 1000000 - position, published_at = NULL",
            ])
            suite.booking.host.platform.relay.wake(index.data)
            try await suite.availability.wait { _ in
                let waiting = try await index.data.query("SELECT FROM outbox WHERE published_at IS NULL")
                let heard = try await suite.data.query("SELECT FROM inbox")
                return waiting.isEmpty && heard.count >= 3
            }
            try await suite.caughtUp()
            #expect(try await suite.versions() == before)
            try await suite.equalToIndex()
            let told = try await index.data.query("SELECT event_id FROM outbox WHERE aggregate LIKE 'appointment/%'")
                .map { try $0.get("event_id", as: EventID.self) }
            try await suite.availability.wait { _ in
                let lines = try await suite.data.query(
                    """
                    SELECT event_id FROM publications WHERE event_id = ANY (\(told)::uuid[])
                    GROUP BY event_id HAVING count(*) = count(DISTINCT day)
                    """)
                return lines.count == told.count
            }
        }
    }

    @Test(
        "without the cache searches read the database and say so; with it they do so no more", arguments: [true, false])
    func cacheAway(isKilled: Bool) async throws {
        try await Suite.with { suite in
            #expect(try await !suite.search().degraded)
            if isKilled { suite.redis.kill() } else { suite.redis.freeze() }
            let booked = try await suite.book(suite.instant(9), with: suite.amina)
            let seen = "&seen=\(Suite.tenant.slug)/\(booked.id)/\(booked.version)"
            #expect(try await suite.search(more: seen).slots.filter { $0.start == suite.instant(9) }.count == 1)
            try await suite.availability.wait { _ in try await suite.search().degraded }
            #expect(try await suite.search().slots.filter { $0.start == suite.instant(9) }.count == 1)
            if isKilled { try await suite.redis.restart() } else { suite.redis.thaw() }
            try await suite.availability.wait { _ in try await !suite.search().degraded }
            #expect(try await suite.search().slots.filter { $0.start == suite.instant(9) }.count == 1)
            try await suite.caughtUp()
            try await suite.equalToIndex()
            try await suite.cacheEqualsViews()
            let told = try await suite.availability.host.platform.directory.registry.query(
                "SELECT kind FROM anomalies ORDER BY at, id"
            ).map { try $0.get("kind", as: String.self) }
            #expect(told == ["cache-away", "cache-back"])
        }
    }

    @Test("damaged entries of the cache are never shown, and put right")
    func corruption() async throws {
        try await Suite.with { suite in
            let start = suite.instant(9)
            try await suite.book(start, with: suite.amina)
            try await suite.caughtUp()
            try await suite.redis.withClient { client in
                for days in 0...20 {
                    let name = DayCache.name(of: DayKey(tenant: Suite.tenant.slug, day: try await suite.day(days)))
                    guard case .bytes(var bytes) = try await client.send(["GET", name]) else {
                        Issue.record("\(name) is not cached")
                        continue
                    }
                    bytes[Int.random(in: bytes.indices)] ^= 0x04
                    _ = try await client.send(["SET", name, bytes])
                }
            }
            #expect(try await suite.search().slots.filter { $0.start == start }.count == 1)
            try await suite.availability.wait { _ in try await suite.anomalies("corrupt-cache") > 0 }
            try await suite.availability.wait { _ in try await suite.differencesInCache().isEmpty }
            try await suite.equalToIndex()
        }
    }

    @Test("an old entry replaces no newer one, and one that got there is found")
    func oldEntry() async throws {
        try await Suite.with { suite in
            let key = DayKey(tenant: Suite.tenant.slug, day: try await suite.day(1))
            try await suite.redis.withClient { client in
                let cache = DayCache(client: client)
                guard case .entry(let old) = try await cache.find([key])[0] else { throw Missing() }
                try await suite.book(suite.instant(9))
                try await suite.caughtUp()
                try await cache.store([old])
                #expect(try await suite.differencesInCache().isEmpty)
                // An operator restores a backup.
                _ = try await client.send(["SET", DayCache.name(of: key), old.cacheText])
                #expect(try await suite.differencesInCache() == [key.day])
            }
            try await suite.availability.wait { _ in try await suite.differencesInCache().isEmpty }
        }
    }

    @Test("of two calendars that come first at the same moment the newer one stays")
    func firstCalendars() async throws {
        try await Suite.with { suite in
            let (store, followCalendar) = (try await suite.store, suite.availability.host.service.followCalendar)
            let json: String = try await suite.data.query("SELECT snapshot FROM calendar")[0].get("snapshot")
            let older = try JSONDecoder().decode(CalendarSnapshot.self, from: Data(json.utf8))
            var newer = older
            newer.version += 1
            let cause = Cause("test", at: .now)
            let late: Task<Void, any Error>
            late = try await suite.data.transaction { [newer] transaction in
                // For the late one, too, there is none when it looks: it waits here until this transaction has made one.
                try await transaction.query("DELETE FROM calendar")
                let late = Task { @EventLoop in
                    try await suite.data.transaction { transaction in
                        try await followCalendar(older, because: cause, of: store, in: transaction)
                    }
                }
                try await suite.availability.wait { _ in
                    try await !suite.data.query(
                        """
                        SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
                            AND query LIKE '%FROM calendar FOR UPDATE%'
                        """
                    ).isEmpty
                }
                try await followCalendar(newer, because: cause, of: store, in: transaction)
                return late
            }
            try await late.value
            let kept: Int = try await suite.data.query("SELECT version FROM calendar")[0].get("version")
            #expect(kept == newer.version)
        }
    }

    @Test("what a process had committed and not yet published is published by another")
    func crashBetweenCommitAndPublication() async throws {
        try await Suite.with { suite in
            let key = DayKey(tenant: Suite.tenant.slug, day: try await suite.day(1))
            // As it is after a crash: the database is ahead of the cache, and no event will tell again.
            try await suite.data.query("UPDATE days SET version = version + 1 WHERE day = \(key.day.description)::date")
            try await suite.availability.wait { _ in try await suite.differencesInCache().isEmpty }
        }
    }
}

private struct Missing: Error {}
