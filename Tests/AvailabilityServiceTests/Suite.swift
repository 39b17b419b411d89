import AMQPTesting
import Authentication
import AvailabilityDomain
import EventLoop
import FoundationEssentials
import GuichetProtocol
import Idempotency
import Postgres
import PostgresTesting
import Primitives
import RedisTesting
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import AvailabilityService
@testable import BookingService

/// Booking and Availability, with a database, a broker and a Redis of their own, and a clinic: open every day from 08:00
/// to 18:00 in Algiers, two practitioners, one room, and a horizon of twenty days.
@EventLoop
struct Suite {
    static let tenant = profile("cabinet-alger", "Africa/Algiers")

    let booking: RunningService<BookingService>
    let availability: RunningService<AvailabilityService>
    let redis: TestRedis
    let database: TestDatabase
    let broker: TestBroker
    let amina: PractitionerID
    let karim: PractitionerID

    /// Lends the two services once the clinic is published.
    static func with(
        _ environment: [String: String] = [:], _ body: @EventLoop @Sendable (Suite) async throws -> Void
    ) async throws {
        try await TestDatabase.with { database in
            try await TestBroker.withVhost { broker in
                try await TestRedis.with { redis in
                    let booking = try await RunningService<BookingService>.start(database, broker)
                    let availability = try await startAvailability(database, broker, redis, environment)
                    do {
                        try await run(try await Suite.make(booking, availability, redis, database, broker), body)
                        try await stop(booking, availability)
                    } catch {
                        try? await stop(booking, availability)  // What went wrong first is what matters.
                        throw error
                    }
                }
            }
        }
    }

    /// One more process of Availability.
    static func startAvailability(
        _ database: TestDatabase, _ broker: TestBroker, _ redis: TestRedis, _ environment: [String: String] = [:]
    ) async throws -> RunningService<AvailabilityService> {
        let variables = [
            "GUICHET_REDIS_URL": redis.url, "GUICHET_AVAILABILITY_AUDIT_INTERVAL": "1h",
            "GUICHET_AVAILABILITY_ANSWER_LIFETIME": "1ms",
        ]
        return try await .start(database, broker, variables.merging(environment) { $1 })
    }

    private static func stop(
        _ booking: RunningService<BookingService>, _ availability: RunningService<AvailabilityService>
    ) async throws {
        try await booking.stop()
        try await availability.stop()
    }

    private static func run(_ suite: Suite, _ body: @EventLoop @Sendable (Suite) async throws -> Void) async throws {
        try await body(suite)
    }

    private static func make(
        _ booking: RunningService<BookingService>, _ availability: RunningService<AvailabilityService>,
        _ redis: TestRedis, _ database: TestDatabase, _ broker: TestBroker
    ) async throws -> Suite {
        try await availability.wait { $0.host.platform.broker.isListening }
        try await booking.announce([tenant])
        try await availability.wait { try await $0.serves(tenant.slug) }
        let manager = try booking.token(.manager, of: tenant.slug)
        try await availability.wait { service in (try? service.host.platform.tokens.verify(manager)) != nil }
        let clinic = ClinicSetUp(booking: booking, manager: manager)
        let (amina, karim) = try await clinic.setUp()
        let suite = Suite(
            booking: booking, availability: availability, redis: redis, database: database, broker: broker,
            amina: amina, karim: karim)
        try await suite.open()
        try await suite.published()
        return suite
    }

    /// What Availability has stored of the tenant.
    var data: SchemaStore {
        get async throws { try await availability.host.platform.directory.store(for: Self.tenant.slug).data }
    }

    /// Opens the tenant to the public.
    func open() async throws {
        let office = Office(
            isOpen: true, city: try #require(City("Béjaïa")), phone: PhoneNumber("+213551234567"), bookingURL: nil,
            latencyLimit: .standard)
        _ = try await availability.host.service.decideOffice(office, for: Self.tenant.slug, if: .unstated)
    }

    /// Waits until every day is shown, by the calendar that Booking has, nothing waits for its day to be processed, and the
    /// cache lacks nothing.
    func published() async throws {
        let version = try await booking.host.platform.directory.store(for: Self.tenant.slug).data.query(
            "SELECT version FROM calendar")[0].get("version", as: Int.self)
        try await availability.wait { _ in
            let row = try await data.query(
                """
                SELECT count(*) AS days, count(*) FILTER (WHERE doubt IS NULL AND calendar_version = \(version)
                    AND cached_version = version) AS shown,
                    (SELECT count(*) FROM publications JOIN days USING (day) WHERE view_version IS NULL) AS waiting
                FROM days
                """)[0]
            let (days, shown): (Int, Int) = (try row.get("days"), try row.get("shown"))
            return try days > 20 && days == shown && row.get("waiting", as: Int.self) == 0
        }
    }

    /// Waits until Availability has heard of everything that Booking has done.
    func caughtUp() async throws {
        let store = try await booking.host.platform.directory.store(for: Self.tenant.slug).data
        let wanted = try await store.query("SELECT id, version FROM appointments").map {
            (id: try $0.get("id", as: AppointmentID.self), version: try $0.get("version", as: Int.self))
        }
        try await availability.wait { _ in
            let known = try await data.query("SELECT appointment, version FROM placements")
            var versions: [AppointmentID: Int] = [:]
            for row in known { versions[try row.get("appointment")] = try row.get("version") }
            return wanted.allSatisfy { versions[$0.id] ?? 0 >= $0.version }
        }
        try await published()
    }

    /// An instant on the clinic's clock, some days from today.
    func instant(_ hour: Int, _ minute: Int = 0, days: Int = 1) -> Instant {
        let midnight = (Instant.now.seconds + 3600) / 86_400 * 86_400 - 3600
        return Instant(seconds: midnight + Int64(days * 86_400 + hour * 3600 + minute * 60))
    }

    /// What the public finds of one day at the clinic.
    func search(days: Int = 1, _ careType: String = "consultation", more: String = "") async throws -> SearchView {
        let answer = try await availability.call(
            "GET",
            "/api/availability/search?careType=\(careType)&office=\(Self.tenant.slug)&limit=500"
                + "&from=\(instant(0, days: days))&to=\(instant(24, days: days))\(more)")
        try #require(answer.status == 200, "\(answer.text)")
        return try answer.decode()
    }

    /// Books a slot; the answer of Booking.
    @discardableResult
    func book(_ start: Instant, with practitioner: PractitionerID? = nil) async throws -> Booked {
        let answer = try await attemptToBook(start, with: practitioner)
        try #require(answer.status == 201, "\(answer.text)")
        return try answer.decode()
    }

    /// Asks for a slot that may be refused.
    func attemptToBook(_ start: Instant, with practitioner: PractitionerID? = nil) async throws -> TestAnswer {
        let who = practitioner.map { ", \"practitioner\": \"\($0)\"" } ?? ""
        return try await booking.call(
            "POST", "/api/appointments/create", token: booking.token(.staff, of: Self.tenant.slug),
            headers: ["Idempotency-Key": UUID().uuidString],
            body: """
                {"careType": "consultation", "start": "\(start)"\(who),
                 "patient": {"name": "Yasmine B.", "phone": "+213551234567"}}
                """)
    }

    func cancel(_ booked: Booked) async throws {
        let answer = try await booking.call(
            "DELETE", "/api/appointments/\(booked.id)", token: booking.token(.staff, of: Self.tenant.slug),
            headers: ["Idempotency-Key": UUID().uuidString])
        try #require(answer.status == 200, "\(answer.text)")
    }

    struct Booked: Decodable, Sendable {
        let id: AppointmentID
        let version: Int
    }

    private static func profile(_ slug: TenantSlug, _ zone: String) -> TenantProfile {
        TenantProfile(
            id: .new(), slug: slug, name: "Cabinet dentaire", address: "Cité 109, Daboussy El Achour, Alger",
            timeZone: zone, locale: "fr-DZ", phoneCountry: "DZ", database: "main")
    }
}

/// The clinic of the tests, set up over Booking's routes.
@EventLoop
private struct ClinicSetUp {
    let booking: RunningService<BookingService>
    let manager: String

    func setUp() async throws -> (amina: PractitionerID, karim: PractitionerID) {
        try await change(
            "PUT", "/api/settings",
            """
            {"slotGridMinutes": 15, "leadTimeMinutes": 0, "horizonDays": 20, "holdLifetimeSeconds": 5,
             "holdsPerClient": 50, "concurrentBookings": 50, "bookingsPerMinute": 6000, "cancellationCutOffMinutes": 0}
            """, headers: ["If-Match": "*"])
        let amina: Made = try await change("POST", "/api/practitioners", resource("Dr Amina")).decode()
        let karim: Made = try await change("POST", "/api/practitioners", resource("Dr Karim")).decode()
        let room: Made = try await change("POST", "/api/rooms", resource("Salle 1")).decode()
        for (care, minutes, needsRoom) in [("consultation", 30, false), ("chirurgie", 60, true)] {
            try await change(
                "PUT", "/api/care-types/\(care)",
                """
                {"durationMinutes": \(minutes), "bufferBefore": 0, "bufferAfter": \(needsRoom ? 30 : 0),
                 "needsRoom": \(needsRoom), "practitioners": ["\(amina.id)", "\(karim.id)"],
                 "rooms": \(needsRoom ? "[\"\(room.id)\"]" : "[]")}
                """)
        }
        return (Identifier(amina.id), Identifier(karim.id))
    }

    private struct Made: Decodable { let id: UUID }

    private func resource(_ name: String) -> String {
        let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        let hours = days.map { "\"\($0)\": [{\"opens\": \"08:00\", \"closes\": \"18:00\"}]" }.joined(separator: ", ")
        return "{\"name\": \"\(name)\", \"hours\": {\(hours)}}"
    }

    @discardableResult
    private func change(
        _ method: String, _ path: String, _ body: String, headers: [String: String] = [:]
    ) async throws -> TestAnswer {
        let answer = try await booking.call(
            method, path, token: manager,
            headers: headers.merging(["Idempotency-Key": UUID().uuidString]) { $1 }, body: body)
        try #require(answer.status < 300, "\(method) \(path): \(answer.text)")
        return answer
    }
}
