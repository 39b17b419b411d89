package import Cryptography

/// How clients of a namespace go on after a lost connection: with their rooms, and with the events they missed.
package struct Recovery: Sendable {
    let limits: RecoveryLimits
    let keys: KeyRing

    /// - Parameter keys: seal the names of sessions. All instances share them.
    package init(_ limits: RecoveryLimits = .standard, keys: KeyRing) { (self.limits, self.keys) = (limits, keys) }
}

/// What is kept for clients that may come back.
package struct RecoveryLimits: Sendable {
    /// From the end of a connection to the last moment for the next one. A phone whose screen is off is silent for minutes.
    package var window: Duration = .seconds(120)
    /// The events that are kept of each room.
    package var events = 128
    /// The bytes of events that are kept of each room.
    package var bytes = 64 * 1024
    /// The sessions without a connection that are kept.
    package var sessions = 10_000

    /// Values for small events.
    package static let standard = RecoveryLimits()

    private init() {}
}
