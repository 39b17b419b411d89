import Authentication
import BookingDomain
import EventLoop
import Postgres
import Primitives
import Scheduling
import Tenancy

/// Reads one appointment, and what happened to it. Each reading leaves its line in the audit of the patient, if there is
/// one, in the same transaction.
struct ReadAppointment {
    let desk: Desk

    @EventLoop init(_ desk: Desk) { self.desk = desk }

    @EventLoop func callAsFunction(_ id: Identifier<Appointment>, caller: Caller) async throws -> AppointmentView {
        let rows = try await desk.store.data.batch([
            ClinicCatalogs.version, ChangeAppointment.find(id),
            AccessAudit.record(.readAppointment, by: caller, in: id),
        ])
        guard let row = rows[1].first else { throw NotFound() }
        let stored = try AppointmentRow(row)
        guard caller.maySee(stored) else { throw NotFound() }
        return AppointmentView(stored.appointment, try await desk.catalogs.catalog(of: desk.store, asOf: rows[0]))
    }

    @EventLoop func history(of id: Identifier<Appointment>, caller: Caller) async throws -> AppointmentHistory {
        let rows = try await desk.store.data.batch([
            """
            SELECT version, event, at, actor, actor_id, reason, status, practitioner, room, starts_at, ends_at
            FROM appointment_history WHERE appointment = \(id) ORDER BY version
            """,
            AccessAudit.record(.readHistory, by: caller, in: id),
        ])[0]
        guard !rows.isEmpty else { throw NotFound() }
        return AppointmentHistory(changes: try rows.map(AppointmentHistory.Entry.init))
    }
}

/// Every change of an appointment, the first one first.
struct AppointmentHistory: Codable, Sendable {
    struct Entry: Codable, Sendable {
        let version: Int
        let event: String
        let at: Instant
        /// `patient`, `staff` or `system`.
        let actor: String
        let actorId: Identifier<Actor>?
        let reason: String?
        let status: String
        let practitioner: Identifier<Resource>
        let room: Identifier<Resource>?
        let start: Instant
        let end: Instant

        init(_ row: Row) throws {
            version = try row.get("version")
            event = try Self.verb(row.get("event"))
            at = try row.get("at")
            actor = try row.get("actor")
            actorId = try row.find("actor_id")
            reason = try row.find("reason")
            status = try row.get("status")
            practitioner = try row.get("practitioner")
            room = try row.find("room")
            start = try row.get("starts_at")
            end = try row.get("ends_at")
        }

        /// As the published event says it: whoever books without a hold before confirms at once.
        private static func verb(_ event: String) -> String {
            event == AppointmentEvent.booked.rawValue ? AppointmentEvent.confirmed.rawValue : event
        }
    }

    let changes: [Entry]
}
