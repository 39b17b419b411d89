package import Primitives
package import Scheduling

extension DayView {
    /// The slots that are free in this view and not in `earlier`, by start.
    package func freed(since earlier: DayView) -> [FreeSlot] {
        cares.flatMap { care -> [FreeSlot] in
            let before = earlier.care(care.careType)
            return care.offers.flatMap { offer -> [FreeSlot] in
                let known = Set(before?.offers.first { $0.practitioner == offer.practitioner }?.free ?? [])
                return offer.free.lazy.filter { !known.contains($0) }.map {
                    FreeSlot(care, offer, start: $0)
                }
            }
        }.sorted { ($0.start, $0.practitioner) < ($1.start, $1.practitioner) }
    }
}

extension DayView.Care {
    /// The number of free slots, and the start of the first.
    package var left: (count: Int, first: Instant?) {
        (offers.reduce(0) { $0 + $1.free.count }, offers.compactMap(\.free.first).min())
    }

    /// The free slots that start in `window`, by start.
    package func slots(in window: TimeRange, with practitioner: Identifier<Resource>? = nil) -> [FreeSlot] {
        offers.flatMap { offer -> [FreeSlot] in
            guard practitioner == nil || practitioner == offer.practitioner else { return [] }
            return offer.free.lazy.filter { window.start <= $0 && $0 < window.end }.map {
                FreeSlot(self, offer, start: $0)
            }
        }.sorted { ($0.start, $0.practitioner) < ($1.start, $1.practitioner) }
    }
}

/// A free slot of a view.
package struct FreeSlot: Hashable, Sendable {
    package let careType: CareType
    package let practitioner: Identifier<Resource>
    package let practitionerName: String
    package let start: Instant
    package let end: Instant

    init(_ care: DayView.Care, _ offer: DayView.Offer, start: Instant) {
        careType = care.careType
        (practitioner, practitionerName) = (offer.practitioner, offer.name)
        self.start = start
        end = start + .seconds(care.durationMinutes * 60)
    }
}
