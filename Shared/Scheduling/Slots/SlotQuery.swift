package import Primitives

/// A search for slots.
package struct SlotQuery: Hashable, Sendable {
    /// The type of care.
    package let careType: CareType
    /// The range of starts; a slot may end later.
    package let window: TimeRange
    /// Nil means any practitioner.
    package let practitioner: Identifier<Resource>?
    /// Nil means any free room; otherwise only slots in this room are found.
    package let room: Identifier<Resource>?

    /// Slots that start in `window`.
    package init(
        _ careType: CareType, startingIn window: TimeRange, practitioner: Identifier<Resource>? = nil,
        room: Identifier<Resource>? = nil
    ) {
        (self.careType, self.window, self.practitioner, self.room) = (careType, window, practitioner, room)
    }

    /// Slots that start exactly at `start`.
    package init(
        _ careType: CareType, at start: Instant, practitioner: Identifier<Resource>? = nil,
        room: Identifier<Resource>? = nil
    ) {
        self.init(careType, startingIn: TimeRange(only: start), practitioner: practitioner, room: room)
    }
}

extension TimeRange {
    /// The range of all allocations that can conflict with a slot that starts in this range, for any care and any
    /// buffers.
    package var reach: TimeRange {
        widened(
            before: Setting.bufferBeforeMinutes.bounds.upperBound,
            after: DurationMinutes.bounds.upperBound + Setting.bufferAfterMinutes.bounds.upperBound)
    }

    /// The range of all starts of slots that can reserve time of this range, for any care and any buffers.
    package var origins: TimeRange {
        widened(
            before: DurationMinutes.bounds.upperBound + Setting.bufferAfterMinutes.bounds.upperBound,
            after: Setting.bufferBeforeMinutes.bounds.upperBound)
    }
}
