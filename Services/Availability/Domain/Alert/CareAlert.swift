package import Primitives
package import Scheduling

/// Marks ids of people who are told.
package enum Subscriber {}

/// Somebody waits for an early slot.
package struct CareAlert: Hashable, Sendable {
    /// How many one person may have at a time.
    package static let limitPerSubscriber = 10
    /// The longest time to wait for.
    package static let longestWindow: Duration = .seconds(180 * 86_400)

    package let id: Identifier<CareAlert>
    package let subscriber: Identifier<Subscriber>
    package let careType: CareType
    /// Nil when anybody will do.
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

    /// The time to wait for; nil unless it ends after it begins and after `now`, is no longer than ``longestWindow``, and
    /// ends no later than that from `now` on.
    package static func window(_ from: Instant, _ to: Instant, at now: Instant) -> TimeRange? {
        guard now < to, to - now <= longestWindow, to - from <= longestWindow else { return nil }
        return TimeRange(from, to)
    }

    /// The first of the slots that have just become free, given by start, that this person waits for.
    package func first(of freed: [FreeSlot]) -> FreeSlot? {
        freed.first { slot in
            slot.careType == careType && (practitioner == nil || practitioner == slot.practitioner)
                && window.start <= slot.start && slot.start < window.end
        }
    }
}
