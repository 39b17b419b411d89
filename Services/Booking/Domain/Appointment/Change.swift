package import Primitives

/// When, by whom and why an appointment is changed.
package struct Change: Hashable, Sendable {
    package let instant: Instant
    package let actor: Actor
    package let reason: Reason?

    /// A change at `instant`, which is "now" for the rules.
    package init(at instant: Instant, by actor: Actor, reason: Reason? = nil) {
        (self.instant, self.actor, self.reason) = (instant, actor, reason)
    }
}
