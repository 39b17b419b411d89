import BookingService
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

extension Suite {
    var store: TenantStore {
        get async throws { try await availability.host.platform.directory.store(for: Self.tenant.slug) }
    }

    /// A day on the clinic's calendar, from today on.
    func day(_ days: Int) async throws -> LocalDay {
        try await availability.host.service.calendars.zone(of: store).local(.now).day.advanced(by: days)
    }

    /// Makes Availability take the next event of an appointment for one that it has handled: as if it had got lost.
    func lose(nextOf appointment: AppointmentID) async throws {
        try await data.query(
            "UPDATE inbox SET version = version + 1 WHERE aggregate = \("appointment/\(appointment)")")
    }

    /// Waits until Booking's event of that version has been delivered, and so is lost for good.
    func lost(_ appointment: AppointmentID, version: Int) async throws {
        let index = try await booking.host.platform.directory.store(for: Self.tenant.slug).data
        try await availability.wait { _ in
            try await !index.query(
                """
                SELECT FROM outbox WHERE aggregate = \("appointment/\(appointment)") AND version = \(version)
                    AND published_at IS NOT NULL
                """
            ).isEmpty
        }
        // An event behind it in the same queue has come: so has the lost one.
        let marker = try await book(instant(17, 30, days: 5))
        let seen = "&seen=\(Self.tenant.slug)/\(marker.id)/\(marker.version)"
        _ = try await search(days: 5, more: seen)
        try await EventLoop.sleep(for: .milliseconds(200))
    }

    func move(_ booked: Booked, to start: Instant) async throws {
        let answer = try await booking.call(
            "PATCH", "/api/appointments/\(booked.id)", token: booking.token(.staff, of: Self.tenant.slug),
            headers: ["Idempotency-Key": UUID().uuidString, "If-Match": "*"], body: "{\"start\": \"\(start)\"}")
        try #require(answer.status == 200, "\(answer.text)")
    }

    func outcomes(of appointment: AppointmentID) async throws -> [String] {
        try await data.query(
            "SELECT outcome FROM publications WHERE aggregate = \("appointment/\(appointment)") ORDER BY id"
        ).compactMap { try $0.find("outcome") }
    }

    func anomalies(_ kind: String) async throws -> Int {
        try await data.query("SELECT count(*) AS n FROM anomalies WHERE kind = \(kind)")[0].get("n")
    }

    func reportsHeard() async throws -> Int {
        try await data.query("SELECT count(*) AS n FROM inbox WHERE aggregate LIKE 'report/%'")[0].get("n")
    }

    func journalLength() async throws -> Int {
        try await data.query("SELECT count(*) AS n FROM publications")[0].get("n")
    }

    func versions() async throws -> [String: Int] {
        var versions: [String: Int] = [:]
        for row in try await data.query("SELECT day::text AS day, version FROM days") {
            versions[try row.get("day")] = try row.get("version")
        }
        return versions
    }

    /// Compares what the public finds with what Booking would book, day by day and care by care.
    func equalToIndex() async throws {
        let token = try booking.token(.staff, of: Self.tenant.slug)
        for days in 0...20 {
            for care in ["consultation", "chirurgie"] {
                let answer = try await booking.call(
                    "GET",
                    "/api/slots?careType=\(care)&limit=500&from=\(instant(0, days: days))&to=\(instant(24, days: days))",
                    token: token)
                let index: Found = try answer.decode()
                let found = try await search(days: days, care)
                #expect(
                    Set(found.slots.map { Start(start: $0.start, practitioner: Identifier($0.practitioner.id.uuid)) })
                        == Set(index.slots.map { Start(start: $0.start, practitioner: $0.practitioner.id) }),
                    "\(care) in \(days) days")
                #expect(found.withheld.isEmpty)
            }
        }
    }

    /// The days whose entry in the cache is not what the database says.
    func differencesInCache() async throws -> [LocalDay] {
        let tenant = Self.tenant.slug
        let rows = try await data.query(
            "SELECT day::text AS day, version, CASE WHEN doubt IS NULL THEN view END AS view FROM days ORDER BY day")
        let stored = try rows.map { try DayEntry($0, of: tenant) }
        return try await redis.withClient { client in
            let findings = try await DayCache(client: client).find(stored.map(\.key))
            return zip(stored, findings).compactMap { entry, finding in
                if case .entry(let cached) = finding, cached == entry { return nil }
                if case .missing = finding { return nil }
                return entry.key.day
            }
        }
    }

    func cacheEqualsViews() async throws { #expect(try await differencesInCache().isEmpty) }

    private struct Start: Hashable {
        let start: Instant
        let practitioner: PractitionerID
    }

    private struct Found: Decodable, Sendable {
        struct Slot: Decodable, Sendable {
            struct Named: Decodable, Sendable { let id: PractitionerID }
            let start: Instant
            let practitioner: Named
        }
        let slots: [Slot]
    }
}
