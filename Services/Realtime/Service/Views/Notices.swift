import GuichetProtocol
import RealtimeDomain

/// A queue opened or closed, or its message changed: `queue:opened`, `queue:closed`, `queue:message`.
struct QueueNotice: Codable, Sendable {
    /// The version of the line.
    let version: Int
    /// The queue.
    let queue: QueueID
    /// What to show.
    let message: String

    init(_ change: LineChange, orElse standard: String) {
        (version, queue) = (change.version.number, change.line.queue)
        message = change.line.message ?? standard
    }
}

/// An appointment changed: `appointment_created`, `appointment_updated`, `appointment_cancelled`.
struct AppointmentNotice: Codable, Sendable {
    /// The version of the appointment: a lower one is older.
    let version: Int
    /// The appointment after the change.
    let appointment: AppointmentSnapshot
}

/// A room that has no state of its own was joined: what it shows is read over HTTP.
struct EmptyState: Codable, Sendable {}
