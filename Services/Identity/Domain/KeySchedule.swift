package import Primitives

/// When signing keys begin and end: published first, used once every service has had the time to learn of it, and
/// accepted until the last token signed with it is over.
package struct KeySchedule: Sendable {
    /// From publication to first use.
    package let activationDelay: Duration
    /// From first use to replacement.
    package let lifetime: Duration
    /// How long a token can outlive the end of its key's use: its own lifetime and what clocks may differ by.
    package let tail: Duration

    package init(activationDelay: Duration, lifetime: Duration, tail: Duration) {
        (self.activationDelay, self.lifetime, self.tail) = (activationDelay, lifetime, tail)
    }

    /// The life of one key.
    package struct Key: Hashable, Sendable {
        package let id: String
        /// Signs from then on, until a younger key is active.
        package let activeAt: Instant
        /// Verifies until then; nil while it has no successor.
        package let expiresAt: Instant?

        package init(id: String, activeAt: Instant, expiresAt: Instant?) {
            (self.id, self.activeAt, self.expiresAt) = (id, activeAt, expiresAt)
        }

        /// Whether tokens signed with it are accepted.
        package func isAccepted(at now: Instant) -> Bool { expiresAt.map { now < $0 } ?? true }
    }

    /// The key to sign with: the youngest that is active. Nil when there is none yet.
    package static func signingKey(among keys: [Key], at now: Instant) -> Key? {
        keys.filter { $0.activeAt <= now && $0.isAccepted(at: now) }.max { $0.activeAt < $1.activeAt }
    }

    /// When a key made now becomes active: at once when it is the first.
    package func activation(ofKeyMadeAt now: Instant, isFirst: Bool) -> Instant {
        isFirst ? now : now + activationDelay
    }

    /// Until when the predecessors of a key that becomes active then are accepted.
    package func expiry(ofPredecessorsOf activation: Instant) -> Instant { activation + tail }

    /// Whether the youngest key is due for replacement.
    package func isRotationDue(_ keys: [Key], at now: Instant) -> Bool {
        keys.map(\.activeAt).max().map { now >= $0 + lifetime } ?? true
    }
}
