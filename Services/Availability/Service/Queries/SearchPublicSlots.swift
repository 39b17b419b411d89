import EventLoop
import Primitives
import Scheduling

/// Finds the slots of an office for a FHIR search.
@EventLoop
struct SearchPublicSlots {
    /// One page of the result.
    struct Page {
        let slots: [PublicSlot]
        /// How many there are on all pages.
        let total: Int
        let isLast: Bool

        static let empty = Page(slots: [], total: 0, isLast: true)
    }

    private let readPublicDays: ReadPublicDays

    init(_ readPublicDays: ReadPublicDays) { self.readPublicDays = readPublicDays }

    /// At most `limit` slots that start in `window` and come after `last`.
    func callAsFunction(
        at office: OpenOffice, in window: TimeRange, after last: SlotID?, limit: Int,
        where admits: (PublicSlot) -> Bool
    ) async throws -> Page {
        let days = office.zone.local(window.start).day...office.zone.local(window.end).day
        let entries = try await readPublicDays.entries(days, at: office)
        let found = try await readPublicDays.slots(entries, at: office).filter { slot in
            window.start <= slot.id.start && slot.id.start < window.end && admits(slot)
        }
        let rest = last.map { last in found.drop { $0.id <= last } } ?? found[...]
        let slots = rest.prefix(limit)
        return Page(slots: Array(slots), total: found.count, isLast: slots.count == rest.count)
    }

    /// The slot with this id; nil if it is not shown.
    func callAsFunction(_ id: SlotID, at office: OpenOffice) async throws -> PublicSlot? {
        let entries = try await readPublicDays.entries([office.zone.local(id.start).day], at: office)
        return try await readPublicDays.slots(entries, at: office).first { $0.id == id }
    }
}
