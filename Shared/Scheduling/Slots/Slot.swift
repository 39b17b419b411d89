package import Primitives

/// A possible appointment: when, with whom and where.
package struct Slot: Hashable, Sendable {
    /// The type of care.
    package let careType: CareType
    /// The practitioner.
    package let practitioner: Identifier<Resource>
    /// The room; nil if the care needs none.
    package let room: Identifier<Resource>?
    /// The appointment itself.
    package let range: TimeRange
    /// The reserved period of practitioner and room: the appointment and its buffers.
    package let blocked: TimeRange

    /// A slot as it was found or stored. Only `SlotSearch` decides whether it is bookable.
    package init(
        careType: CareType, practitioner: Identifier<Resource>, room: Identifier<Resource>?, range: TimeRange,
        blocked: TimeRange
    ) {
        (self.careType, self.practitioner, self.room) = (careType, practitioner, room)
        (self.range, self.blocked) = (range, blocked)
    }

    /// The allocations of an appointment in this slot, by ascending resource: writers that keep this order cannot
    /// deadlock.
    package var allocations: [Allocation] {
        [practitioner, room].compactMap { $0 }.sorted().map { Allocation(resource: $0, range: blocked) }
    }
}
