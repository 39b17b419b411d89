package import Primitives

extension Clinic {
    /// Those of `slots` outside the hours of their practitioner or room, because they were booked before the hours
    /// changed.
    package func outsideHours(_ slots: [Slot]) -> [Slot] {
        guard let first = slots.map(\.range.start).min(), let last = slots.map(\.range.end).max() else { return [] }
        // One more day on both sides, for openings around midnight when the wall clock changes.
        let days = zone.local(first).day.advanced(by: -1)...zone.local(last).day.advanced(by: 1)
        let open = resources.mapValues { TimeRangeSet(openings(of: $0, on: days)) }
        return slots.filter { slot in
            [slot.practitioner, slot.room].compactMap { $0 }.contains { open[$0]?.covers(slot.range) != true }
        }
    }

    /// How many minutes `resource` is open on `days`.
    package func openMinutes(of resource: Resource, on days: ClosedRange<LocalDay>) -> Int {
        openings(of: resource, on: days).reduce(0) { $0 + $1.minutes }
    }
}
