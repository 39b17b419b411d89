import EventLoop
import FoundationEssentials
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import QueueService

@Suite("Check-in of appointments")
struct CheckInTests {
    private struct Given: Decodable {
        struct Ticket: Decodable {
            let id: TicketID
            let priority: String
            let source: String
            let careType: String?
            let appointment: AppointmentID?
        }
        let ticket: Ticket
        let patientToken: String
    }

    /// Has Booking publish an event of an appointment.
    @EventLoop private func publish<Payload: AppointmentEvent>(
        _: Payload.Type, _ id: AppointmentID, at start: Instant, status: String, version: Int, _ room: WaitingRoom
    ) async throws {
        let end = start + .seconds(1800)
        let snapshot = AppointmentSnapshot(
            id: id, status: status, careType: "consultation", practitioner: .new(), room: nil, patient: .new(),
            start: start, end: end, blocked: BlockedTime(from: start, to: end), holdExpires: nil)
        let data = try await room.data
        try await data.query(
            Outbox.record(
                Payload(appointment: snapshot), of: id.description, version: version,
                tenant: QueueFixture.tenant.slug, at: .now))
        room.service.host.platform.relay.wake(data)
        try await room.service.wait { _ in
            try await !data.query(
                "SELECT 1 FROM booked_appointments WHERE id = \(id) AND status = \(status) AND starts_at = \(start)"
            ).isEmpty
        }
    }

    @EventLoop private func checkIn(_ id: AppointmentID, _ room: WaitingRoom) async throws -> TestAnswer {
        try await room.ask("POST", "check-ins", as: .staff, #"{"appointment": "\#(id)"}"#)
    }

    @Test("an appointment stands by its time, gets one ticket, and follows what Booking says of it")
    func places() async throws {
        try await WaitingRoom.with { room in
            let clock = room.service.clock
            // Ten o'clock on the clock of the clinic.
            let now = try #require(Instant(rfc3339: "2030-01-01T09:00:00Z"))
            clock.stop(at: now - .seconds(2 * 3600))
            _ = try await room.join()
            clock.stop(at: now - .seconds(1800))
            _ = try await room.join()
            clock.stop(at: now)
            let (soon, late, next) = (AppointmentID.new(), AppointmentID.new(), AppointmentID.new())
            try await publish(
                AppointmentConfirmed.self, soon, at: now + .seconds(600), status: "confirmed", version: 1, room)
            try await publish(
                AppointmentConfirmed.self, late, at: now - .seconds(3600), status: "confirmed", version: 1, room)
            try await publish(
                AppointmentConfirmed.self, next, at: now + .seconds(86_400), status: "confirmed", version: 1, room)

            let first = try await checkIn(soon, room)
            #expect(first.status == 201, "\(first.text)")
            let given = try first.decode(Given.self)
            #expect((given.ticket.priority, given.ticket.source) == ("appointment", "appointment"))
            #expect(given.ticket.careType == "consultation" && given.ticket.appointment == soon)
            let again = try await checkIn(soon, room).decode(Given.self)
            #expect(again.ticket.id == given.ticket.id && again.patientToken == given.patientToken)
            #expect(try await checkIn(next, room).problem == "check-in-refused")
            #expect(try await checkIn(.new(), room).problem == "check-in-refused")
            let second = try await checkIn(late, room).decode(Given.self)

            // The person who came two hours ago, the appointment, the one who came half an hour ago, the late one.
            let order = try await room.data.query(
                "SELECT number FROM tickets WHERE status = 'waiting' ORDER BY place, id")
            #expect(try order.map { try $0.get("number", as: Int.self) } == [1, 3, 2, 4])
            #expect(try await room.callNext() != nil)
            #expect(try await room.callNext(1) == given.ticket.id)
            _ = second

            let cancelled = AppointmentID.new()
            try await publish(
                AppointmentConfirmed.self, cancelled, at: now, status: "confirmed", version: 1, room)
            try await publish(
                AppointmentCancelled.self, cancelled, at: now, status: "cancelled", version: 2, room)
            #expect(try await checkIn(cancelled, room).problem == "check-in-refused")
        }
    }
}
