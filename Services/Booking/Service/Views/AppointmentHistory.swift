import BookingDomain
import Primitives
import Scheduling

/// Every change of an appointment, the oldest first.
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
    }

    let changes: [Entry]
}
