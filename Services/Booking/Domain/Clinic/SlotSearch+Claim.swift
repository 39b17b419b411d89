package import Scheduling

extension SlotSearch {
    /// The first slot that the search lists for `query`, or the reason why there is none.
    package func claim(_ query: SlotQuery) throws(BookingError) -> Slot {
        guard clinic.careTypes[query.careType] != nil else { throw .careTypeNotOffered }
        if let slot = slots(query).first { return slot }
        guard query.window.end > earliest else { throw .slotTooSoon }
        guard query.window.start < horizon else { throw .slotBeyondHorizon }
        throw unoccupied.slots(query).isEmpty ? .slotOutsideHours : .slotTaken
    }
}
