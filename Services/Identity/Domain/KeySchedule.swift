package import Primitives

/// The life of signing keys: a key is published first, signs once every service has had the time to receive it, and is
/// accepted until the last token signed with it has expired.
package struct KeySchedule: Sendable {
    /// From publication to first use.
    package let activationDelay: Duration
    /// From first use to replacement.
    package let lifetime: Duration
    /// How long tokens are valid after their key stopped signing: their lifetime plus the tolerated clock difference.
    package let tail: Duration

    package init(activationDelay: Duration, lifetime: Duration, tail: Duration) {
        (self.activationDelay, self.lifetime, self.tail) = (activationDelay, lifetime, tail)
    }

    /// The life of one key.
    package struct Key: Hashable, Sendable {
        package let id: String
        /// When it starts to sign; it stops when a younger key is active.
        package let activeAt: Instant
        /// Until when it is accepted; nil while it has no successor.
        package let expiresAt: Instant?

        package init(id: String, activeAt: Instant, expiresAt: Instant?) {
            (self.id, self.activeAt, self.expiresAt) = (id, activeAt, expiresAt)
        }

        /// Whether tokens signed with it are accepted.
        package func isAccepted(at now: Instant) -> Bool { expiresAt.map { now < $0 } ?? true }
    }

    /// The key to sign with: the youngest active one. Nil if there is none yet.
    package static func signingKey(among keys: [Key], at now: Instant) -> Key? {
        keys.filter { $0.activeAt <= now && $0.isAccepted(at: now) }.max { $0.activeAt < $1.activeAt }
    }

    /// When a key created now becomes active: immediately if it is the first.
    package func activation(ofKeyMadeAt now: Instant, isFirst: Bool) -> Instant {
        isFirst ? now : now + activationDelay
    }

    /// Until when the predecessors of a key that becomes active at `activation` are accepted.
    package func expiry(ofPredecessorsOf activation: Instant) -> Instant { activation + tail }

    /// Whether the youngest key is due for replacement.
    package func isRotationDue(_ keys: [Key], at now: Instant) -> Bool {
        keys.map(\.activeAt).max().map { now >= $0 + lifetime } ?? true
    }
}
