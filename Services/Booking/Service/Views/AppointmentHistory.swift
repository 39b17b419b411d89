import BookingDomain
import Primitives
import Scheduling

/// Every change of an appointment, the oldest first.
struct AppointmentHistory: Codable, Sendable {
    /// A change of an appointment.
    struct Entry: Codable, Sendable {
        /// The version of the appointment after the change.
        let version: Int
        /// What happened.
        let event: String
        /// When it happened.
        let at: Instant
        /// Who did it: a patient, staff, a service account, or the service itself.
        let actor: String
        /// The account that did it; absent for the service itself.
        let actorId: Identifier<Actor>?
        /// The reason that was stated; absent without one.
        let reason: String?
        /// The status after the change.
        let status: String
        /// The practitioner after the change.
        let practitioner: Identifier<Resource>
        /// The room after the change; absent for care without a room.
        let room: Identifier<Resource>?
        /// The start after the change.
        let start: Instant
        /// The end after the change.
        let end: Instant
    }

    /// The changes, the oldest first.
    let changes: [Entry]
}
