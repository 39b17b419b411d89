package import Primitives

/// What somebody looks for in the agenda.
package struct SlotQuery: Hashable, Sendable {
    /// What the patient comes for.
    package let careType: CareType
    /// Where a slot must start; it may end later.
    package let window: TimeRange
    /// Nil means whoever can.
    package let practitioner: Identifier<Resource>?
    /// Nil means whichever is free; with a room, only slots in that room are found.
    package let room: Identifier<Resource>?

    /// Slots that start in `window`.
    package init(
        _ careType: CareType, startingIn window: TimeRange, practitioner: Identifier<Resource>? = nil,
        room: Identifier<Resource>? = nil
    ) {
        (self.careType, self.window, self.practitioner, self.room) = (careType, window, practitioner, room)
    }

    /// Slots that start at `start` exactly.
    package init(
        _ careType: CareType, at start: Instant, practitioner: Identifier<Resource>? = nil,
        room: Identifier<Resource>? = nil
    ) {
        self.init(careType, startingIn: TimeRange(only: start), practitioner: practitioner, room: room)
    }
}

extension TimeRange {
    /// Where allocations lie that can stand in the way of a slot that starts in this range, whatever its care and the
    /// clinic's buffers are.
    package var reach: TimeRange {
        widened(
            before: Setting.bufferBeforeMinutes.bounds.upperBound,
            after: DurationMinutes.bounds.upperBound + Setting.bufferAfterMinutes.bounds.upperBound)
    }

    /// Where slots start that can take time of this range, whatever their care and the clinic's buffers are.
    package var origins: TimeRange {
        widened(
            before: DurationMinutes.bounds.upperBound + Setting.bufferAfterMinutes.bounds.upperBound,
            after: Setting.bufferBeforeMinutes.bounds.upperBound)
    }
}
