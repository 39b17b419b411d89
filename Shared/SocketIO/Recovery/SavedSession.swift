import EventLoop

/// What is kept of a socket whose connection was lost.
struct SavedSession {
    let id: String
    let memberships: [Membership]
    let ownLog: EventLog?
    let data: (any Sendable)?
    let identity: [UInt8]
    /// The client has received nothing earlier.
    let connectedAt: UInt64
    /// Later events were not sent to the client.
    let endedAt: UInt64

    /// Whether all that the client missed after `sequence` is still there.
    @EventLoop
    func isComplete(after sequence: UInt64) -> Bool {
        guard ownLog?.isComplete(after: sequence) ?? true else { return false }
        return memberships.allSatisfy { $0.room.log?.isComplete(after: max(sequence, $0.since)) ?? true }
    }
}

/// What is left of a session that cannot go on. The application should restore its rooms, where the client still has the
/// right to them, and send the current state.
package struct LostSession: Sendable {
    /// Why it cannot go on.
    package enum Reason: Sendable {
        /// The client missed more than was kept.
        case tooOld
        /// The session was with another instance, or has expired.
        case notHere
    }

    /// Why it cannot go on.
    package let reason: Reason
    /// The rooms: the last ones if the session was with this instance, else those at its beginning.
    package let rooms: [String]
    /// Who the client was. The application must check that they still have the right to be here.
    package let identity: [UInt8]
    /// What the application kept with the socket; nil if the session was with another instance.
    package let data: (any Sendable)?

    init(_ reason: Reason, rooms: [String], identity: [UInt8], data: (any Sendable)?) {
        (self.reason, self.rooms, self.identity, self.data) = (reason, rooms, identity, data)
    }
}
