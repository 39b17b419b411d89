import EventLoop

/// When a session must be pinged, and when it is lost. The times are absolute, so that no delay of a timer adds to them.
struct EngineHeartbeat {
    private(set) var isAwaitingPong = false
    /// When the ping is due that is next, or was sent last.
    private var pingDue: ContinuousClock.Instant
    private let interval: Duration
    private let timeout: Duration

    init(startedAt start: ContinuousClock.Instant, _ options: EngineOptions) {
        (interval, timeout) = (options.pingInterval, options.pingTimeout)
        pingDue = start + interval
    }

    /// When there is something to do.
    var nextStep: ContinuousClock.Instant { isAwaitingPong ? pingDue + timeout : pingDue }

    /// True once no pong can save the session, whether or not the ping could be sent.
    func isLost(at now: ContinuousClock.Instant) -> Bool { now >= pingDue + timeout }

    /// Gives the client the whole time for the pong if the server itself is late with the ping.
    mutating func excuseDelay(at now: ContinuousClock.Instant) {
        if !isAwaitingPong, now > pingDue + timeout / 2 { pingDue = now }
    }

    /// True, once, when a ping must be sent.
    mutating func mustPing(at now: ContinuousClock.Instant) -> Bool {
        guard !isAwaitingPong, now >= pingDue else { return false }
        isAwaitingPong = true
        return true
    }

    mutating func receivedPong(at now: ContinuousClock.Instant) {
        isAwaitingPong = false
        pingDue = now + interval
    }
}
