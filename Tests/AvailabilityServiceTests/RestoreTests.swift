import EventLoop
import FoundationEssentials
import GuichetProtocol
import Messaging
import Postgres
import PostgresTesting
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import AvailabilityService
@testable import BookingService

@Suite("A restore of Booking's data")
struct RestoreTests {
    @Test("makes the views say what Booking says, although versions are used a second time")
    func restore() async throws {
        try await Suite.with { suite in try await Self.restore(suite) }
    }

    @EventLoop private static func restore(_ suite: Suite) async throws {
        let schema = try await suite.bookingData.schema.description
        let kept = try await suite.book(suite.instant(9), with: suite.amina)
        try await suite.caughtUp()
        let dump = try suite.database.dump(schema)
        // The future that is lost: a booking, a cancellation, and a calendar.
        let lost = try await suite.book(suite.instant(10), with: suite.amina)
        try await suite.cancel(kept)
        try await suite.close(days: 5)
        try await suite.caughtUp()
        let lostDay = try await suite.search(days: 5).slots
        #expect(lostDay.isEmpty)
        let load = EventLoop.start {
            for number in 0..<24 {
                // Refused where the slot is taken, and while the restore has locked the schema.
                _ = try? await suite.attemptToBook(
                    suite.instant(8 + number / 4, number % 4 * 15, days: 3), with: suite.karim)
            }
        }
        try suite.database.restore(schema, from: dump)
        _ = try await Restoration(of: "booking", [], suite.booking.host.platform.directory)
            .announce(Suite.tenant.slug)
        await load.value
        // These versions were used before.
        try await suite.close(days: 6)
        try await suite.move(kept, to: suite.instant(15))
        let again = try await suite.book(suite.instant(10), with: suite.amina)

        try await suite.availability.wait { _ in try await suite.agrees() }
        try await suite.published()
        let agrees = try await suite.agrees()
        #expect(agrees)
        let known = try await suite.data.query("SELECT appointment FROM placements WHERE is_taken")
            .map { try $0.get("appointment", as: AppointmentID.self) }
        #expect(known.contains(kept.id))
        #expect(known.contains(again.id))
        #expect(!known.contains(lost.id))
        let (open, closed) = (try await suite.search(days: 5).slots, try await suite.search(days: 6).slots)
        #expect(!open.isEmpty)
        #expect(closed.isEmpty)
        let slots = try await suite.search().slots
        let mine = slots.filter { $0.practitioner.id.description == suite.amina.description }.map { $0.start }
        #expect(mine.contains(suite.instant(9)))
        #expect(!mine.contains(suite.instant(10)))
        #expect(!mine.contains(suite.instant(15)))
    }
}

extension Suite {
    fileprivate var bookingData: SchemaStore {
        get async throws { try await booking.host.platform.directory.store(for: Self.tenant.slug).data }
    }

    /// Whether Availability knows exactly the appointments that take time in Booking, in the same versions.
    fileprivate func agrees() async throws -> Bool {
        let booked: SQL = """
            SELECT id::text || ' ' || version || ' ' || blocked_from || ' ' || blocked_to AS line FROM appointments
            WHERE status IN ('held', 'confirmed') ORDER BY line
            """
        let placed: SQL = """
            SELECT appointment::text || ' ' || version || ' ' || lower(blocked) || ' ' || upper(blocked) AS line
            FROM placements WHERE is_taken ORDER BY line
            """
        let store = try await bookingData
        let (expected, known) = (try await store.query(booked), try await data.query(placed))
        return try expected.map { try $0.get("line", as: String.self) } == known.map { try $0.get("line") }
    }

    /// Closes the clinic on a day, some days from today.
    fileprivate func close(days: Int) async throws {
        let day = instant(12, days: days).description.prefix(10)
        let answer = try await booking.call(
            "PUT", "/api/holidays/\(day)", token: booking.token(.manager, of: Self.tenant.slug),
            body: #"{"name": "Aïd"}"#)
        try #require(answer.status == 200, "\(answer.text)")
    }
}
