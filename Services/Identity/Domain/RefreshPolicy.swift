package import Primitives

/// How a presented refresh token is answered (RFC 9700 section 4.14). The tokens of one session are numbered; each can
/// be exchanged once for its successor.
package enum RefreshPolicy {
    /// How long a used token is still answered with its successor, for clients that lost the answer.
    package static let grace: Duration = .seconds(10)

    /// What to do with the token.
    package enum Verdict: Hashable, Sendable {
        /// Issue the next token.
        case rotate
        /// Answer with the existing successor, which has not been used yet.
        case repeatSuccessor
        /// A copy is in use: end the session.
        case reused
        /// The session is over.
        case ended
    }

    /// - Parameters:
    ///   - number: of the token presented.
    ///   - latest: the highest number issued in the session.
    ///   - usedAt: when the presented token was exchanged; nil if it was not.
    ///   - endsAt: when the session expires; nil if it was ended.
    package static func verdict(
        on number: Int, latest: Int, usedAt: Instant?, endsAt: Instant?, at now: Instant
    ) -> Verdict {
        guard let endsAt, now < endsAt else { return .ended }
        guard let usedAt else { return .rotate }
        return number == latest - 1 && now - usedAt <= grace ? .repeatSuccessor : .reused
    }
}
