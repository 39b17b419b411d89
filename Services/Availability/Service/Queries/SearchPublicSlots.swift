import EventLoop
import Primitives
import Scheduling

/// Finds an office's slots as a FHIR search asks for them.
@EventLoop
struct SearchPublicSlots {
    /// One page of what was found.
    struct Page {
        let slots: [PublicSlot]
        /// How many there are on all pages.
        let total: Int
        let isLast: Bool

        static let empty = Page(slots: [], total: 0, isLast: true)
    }

    let reading: ReadPublicDays

    /// The slots that start in `window`, those behind `last` and `limit` of them at most.
    func callAsFunction(
        in window: TimeRange, after last: SlotID?, limit: Int, where admits: (PublicSlot) -> Bool
    ) async throws -> Page {
        let office = reading.office
        let days = office.zone.local(window.start).day...office.zone.local(window.end).day
        let found = try await reading.slots(reading.entries(days)).filter { slot in
            window.start <= slot.id.start && slot.id.start < window.end && admits(slot)
        }
        let rest = last.map { last in found.drop { $0.id <= last } } ?? found[...]
        let slots = rest.prefix(limit)
        return Page(slots: Array(slots), total: found.count, isLast: slots.count == rest.count)
    }

    /// The slot of this id; nil when it is not one that is shown.
    func callAsFunction(_ id: SlotID) async throws -> PublicSlot? {
        let day = reading.office.zone.local(id.start).day
        return try await reading.slots(reading.entries([day])).first { $0.id == id }
    }
}
