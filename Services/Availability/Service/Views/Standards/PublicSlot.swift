import AvailabilityDomain
import Primitives
import Scheduling

/// A slot as it is shown to the public: free, or taken.
struct PublicSlot: Hashable, Sendable {
    let id: SlotID
    let end: Instant
    let status: FHIR.Slot.Status
}

/// The types of care that a practitioner gives on the days that are shown.
struct PublicSchedule: Hashable, Sendable {
    let practitioner: Identifier<Resource>
    let name: String
    /// In the order of ``CareType``.
    let careTypes: [CareType]
}

extension DayView {
    /// The slots that can be booked at `now`, and those that are taken, by start.
    func slots(at now: Instant) -> [PublicSlot] {
        guard let earliest = bounds.earliest(at: now) else { return [] }
        return cares.flatMap { care in
            care.offers.flatMap { offer in
                func slots(_ starts: [Instant], _ status: FHIR.Slot.Status) -> [PublicSlot] {
                    starts.lazy.filter { $0 >= earliest }.map { start in
                        PublicSlot(
                            id: SlotID(practitioner: offer.practitioner, start: start, careType: care.careType),
                            end: start + .seconds(care.durationMinutes * 60), status: status)
                    }
                }
                return slots(offer.free, .free) + slots(offer.taken, .busy)
            }
        }.sorted { $0.id < $1.id }
    }
}
