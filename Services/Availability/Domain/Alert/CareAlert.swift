package import Primitives
package import Scheduling

/// Marks ids of subscribers.
package enum Subscriber {}

/// A subscription to early slots.
package struct CareAlert: Hashable, Sendable {
    /// How many alerts one subscriber may have at a time.
    package static let limitPerSubscriber = 10
    /// The longest window.
    package static let longestWindow: Duration = .seconds(180 * 86_400)

    package let id: Identifier<CareAlert>
    package let subscriber: Identifier<Subscriber>
    package let careType: CareType
    /// Nil if any practitioner will do.
    package let practitioner: Identifier<Resource>?
    /// Where the slot must start.
    package let window: TimeRange

    package init(
        id: Identifier<CareAlert>, subscriber: Identifier<Subscriber>, careType: CareType,
        practitioner: Identifier<Resource>?, window: TimeRange
    ) {
        (self.id, self.subscriber, self.careType) = (id, subscriber, careType)
        (self.practitioner, self.window) = (practitioner, window)
    }

    /// The window from `from` to `to`. Returns nil unless it ends after its start and after `now`, and lasts no longer
    /// than ``longestWindow``, counted from its start and from `now`.
    package static func window(_ from: Instant, _ to: Instant, at now: Instant) -> TimeRange? {
        guard now < to, to - now <= longestWindow, to - from <= longestWindow else { return nil }
        return TimeRange(from, to)
    }

    /// The first of the slots that matches. `freed` are slots that have just become free, by start.
    package func first(of freed: [FreeSlot]) -> FreeSlot? {
        freed.first { slot in
            slot.careType == careType && (practitioner == nil || practitioner == slot.practitioner)
                && window.start <= slot.start && slot.start < window.end
        }
    }
}
