import EventLoop

/// The sessions of a namespace that lost their connections, for a time.
@EventLoop
final class RecoverableSessions {
    let recovery: Recovery
    private let namespace: String
    private var sessions: [String: (session: SavedSession, number: Int)] = [:]
    /// In the order in which they expire. Those that were taken are no longer in `sessions`.
    private var queue: [(id: String, number: Int, expiry: ContinuousClock.Instant)] = []
    private var first = 0
    private var lastNumber = 0

    init(_ recovery: Recovery, namespace: String) { (self.recovery, self.namespace) = (recovery, namespace) }

    var isEmpty: Bool { sessions.isEmpty }

    func seal(_ ticket: RecoveryTicket) -> String { ticket.sealed(recovery.keys, in: namespace) }
    func open(_ sealed: String) -> RecoveryTicket? { RecoveryTicket(sealed, recovery.keys, in: namespace) }

    /// Keeps a session. Returns those that are dropped for it.
    func save(_ session: SavedSession) -> [SavedSession] {
        lastNumber += 1
        sessions[session.id] = (session, lastNumber)
        queue.append((session.id, lastNumber, .now + recovery.limits.window))
        return takeExpired(at: .now)
    }

    /// Removes a session, so that it is used once. Nil if it is not there or has expired.
    func take(_ id: String) -> SavedSession? { sessions.removeValue(forKey: id)?.session }

    /// Removes what has expired, and the oldest of too many.
    func takeExpired(at now: ContinuousClock.Instant) -> [SavedSession] {
        var removed: [SavedSession] = []
        while first < queue.count, queue[first].expiry <= now || sessions.count > recovery.limits.sessions {
            let (id, number, _) = queue[first]
            first += 1
            guard let saved = sessions[id], saved.number == number else { continue }
            sessions[id] = nil
            removed.append(saved.session)
        }
        if first > 64, first > queue.count / 2 {
            queue.removeFirst(first)
            first = 0
        }
        return removed
    }
}
