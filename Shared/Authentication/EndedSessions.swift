package import GuichetProtocol
package import Primitives

/// A session that has ended, and until when its access tokens are refused.
package struct EndedSession: Hashable, Sendable {
    /// The session.
    package let id: SessionID
    /// When its last token has expired.
    package let until: Instant

    /// How long tokens of a session are refused after its end: the longest lifetime of a token, a minute for one that was
    /// being issued, and half a minute for clocks that differ.
    package static let refusal: Duration = AccessToken.maximumLifetime + .seconds(90)

    /// A session that ended at that instant.
    package init(_ id: SessionID, endedAt: Instant) { self.init(id, until: endedAt + Self.refusal) }

    /// A session that is already recorded.
    package init(_ id: SessionID, until: Instant) { (self.id, self.until) = (id, until) }
}

/// The sessions whose tokens are refused although they have not expired, at most `limit` of them. Beyond that the one
/// whose tokens expire first is dropped.
struct EndedSessions {
    private let limit: Int
    private var ends: [SessionID: Instant] = [:]

    init(limit: Int) { self.limit = limit }

    var count: Int { ends.count }

    func contains(_ session: SessionID) -> Bool { ends[session] != nil }

    mutating func insert(_ sessions: [EndedSession], at now: Instant) {
        for session in sessions where session.until > now && ends[session.id] == nil {
            if ends.count >= limit { makeRoom(at: now) }
            ends[session.id] = session.until
        }
    }

    mutating func removeExpired(at now: Instant) {
        guard !ends.isEmpty else { return }
        ends = ends.filter { $0.value > now }
    }

    private mutating func makeRoom(at now: Instant) {
        removeExpired(at: now)
        guard ends.count >= limit else { return }
        // A tenth at once: sorting for each one would take too long.
        let dropped = ends.sorted { $0.value < $1.value }.prefix(max(1, limit / 10))
        for (session, _) in dropped { ends[session] = nil }
    }
}
