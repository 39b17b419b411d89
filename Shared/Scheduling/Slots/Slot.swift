package import Primitives

/// A place in the agenda for one appointment: when, with whom, where.
package struct Slot: Hashable, Sendable {
    /// What it is for.
    package let careType: CareType
    /// Who gives the care.
    package let practitioner: Identifier<Resource>
    /// Nil when the care needs no room.
    package let room: Identifier<Resource>?
    /// The appointment itself.
    package let range: TimeRange
    /// What it takes of practitioner and room: the appointment and its buffers.
    package let blocked: TimeRange

    /// A slot as it was found or stored. `SlotSearch` alone says whether it is bookable.
    package init(
        careType: CareType, practitioner: Identifier<Resource>, room: Identifier<Resource>?, range: TimeRange,
        blocked: TimeRange
    ) {
        (self.careType, self.practitioner, self.room) = (careType, practitioner, room)
        (self.range, self.blocked) = (range, blocked)
    }

    /// What an appointment in this slot takes, by ascending resource: writers that keep to it never wait in a circle.
    package var allocations: [Allocation] {
        [practitioner, room].compactMap { $0 }.sorted().map { Allocation(resource: $0, range: blocked) }
    }
}
