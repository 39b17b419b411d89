import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import BookingService

/// The clinic of the tests: open every day from 08:00 to 18:00 in Algiers, two practitioners, one room.
struct ClinicFixture: Sendable {
    static let tenant = TenantProfile(
        id: .new(), slug: "cabinet-alger", name: "Cabinet dentaire", address: "Cité 109, Daboussy El Achour, Alger",
        timeZone: "Africa/Algiers", locale: "fr-DZ", phoneCountry: "DZ", database: "main")

    let service: RunningService<BookingService>
    let amina = PractitionerID.new()
    let karim = PractitionerID.new()
    let room = RoomID.new()

    /// Lends a running Booking with this clinic in it, beside `others` that are empty.
    static func with(
        beside others: [TenantProfile] = [], _ body: @EventLoop @Sendable (ClinicFixture) async throws -> Void
    ) async throws {
        try await RunningService<BookingService>.with([tenant] + others) { service in
            let clinic = ClinicFixture(service: service)
            try await clinic.fill()
            try await body(clinic)
        }
    }

    @EventLoop var data: SchemaStore {
        get async throws { try await service.host.platform.directory.store(for: Self.tenant.slug).data }
    }

    /// A token of an employee of the clinic, or of a patient.
    @EventLoop func token(_ role: Role = .staff, user: UserID = .new()) throws -> String {
        try service.token(role, of: Self.tenant.slug, user: user)
    }

    /// Tomorrow, or `days` later, at a time on the clinic's clock.
    func instant(_ hour: Int, _ minute: Int = 0, days: Int = 1) -> Instant {
        let midnight = (Instant.now.seconds + 3600) / 86_400 * 86_400 - 3600
        return Instant(seconds: midnight + Int64(days * 86_400 + hour * 3600 + minute * 60))
    }

    /// A request to book a check-up (30 minutes).
    func booking(_ start: Instant, with practitioner: PractitionerID? = nil, phone: String = "+213551234567") -> String
    {
        let who = practitioner.map { ", \"practitioner\": \"\($0)\"" } ?? ""
        return """
            {"careType": "consultation", "start": "\(start)"\(who), "patient": {"name": "Yasmine B.", "phone": "\(phone)"}}
            """
    }

    @EventLoop func book(
        _ start: Instant, with practitioner: PractitionerID? = nil, phone: String = "+213551234567", key: String? = nil
    ) async throws -> TestAnswer {
        try await service.call(
            "POST", "/api/appointments/create", token: try token(),
            headers: ["Idempotency-Key": key ?? UUID().uuidString],
            body: booking(start, with: practitioner, phone: phone))
    }

    @EventLoop private func fill() async throws {
        try await data.batch([
            """
            INSERT INTO resources (id, kind, name) VALUES (\(amina), 'practitioner', 'Dr Amina'),
                (\(karim), 'practitioner', 'Dr Karim'), (\(room), 'room', 'Salle 1')
            """,
            """
            INSERT INTO opening_hours (resource, weekday, opens, closes)
            SELECT id, weekday, 480, 1080 FROM resources, generate_series(1, 7) AS weekday
            """,
            "INSERT INTO care_types (care_type, duration_minutes) VALUES ('consultation', 30)",
            """
            INSERT INTO care_types (care_type, duration_minutes, buffer_after, needs_room)
            VALUES ('chirurgie', 60, 30, true)
            """,
            """
            INSERT INTO care_type_resources (care_type, resource, rank)
            SELECT c.care_type, r.id, 0 FROM care_types c, resources r WHERE r.kind = 'practitioner' OR c.needs_room
            """,
            "UPDATE calendar SET version = version + 1, hold_lifetime_seconds = 5, lead_time_minutes = 0",
        ])
    }
}

struct AppointmentAnswer: Decodable {
    let id: UUID
    let status: String
    let start: Instant
    let version: Int
}

struct Refusal: Decodable {
    struct Alternative: Decodable {
        struct Named: Decodable { let id: PractitionerID }
        let start: Instant
        let practitioner: Named
    }
    let code: String
    let alternatives: [Alternative]
}
