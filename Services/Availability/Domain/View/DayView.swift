package import Primitives
package import Scheduling

/// Everything that a search can show of one day of a clinic: for each type of care and practitioner, the starts that
/// are free and those that are taken.
///
/// A view does not depend on the time at which it is read: readers leave out slots that start before
/// ``Bounds/earliest(at:)``.
package struct DayView: Hashable, Sendable {
    /// The bounds of what can be booked at a moment.
    package struct Bounds: Hashable, Sendable {
        /// How long before its start an appointment must be booked.
        package let leadTimeMinutes: Int
        /// When the day comes within the clinic's horizon.
        package let bookableFrom: Instant

        package init(leadTimeMinutes: Int, bookableFrom: Instant) {
            (self.leadTimeMinutes, self.bookableFrom) = (leadTimeMinutes, bookableFrom)
        }

        /// The first start that can be booked at `now`; nil if the day cannot be booked yet.
        package func earliest(at now: Instant) -> Instant? {
            now < bookableFrom ? nil : now + .seconds(leadTimeMinutes * 60)
        }
    }

    /// The starts of one practitioner and type of care, sorted.
    package struct Offer: Hashable, Sendable {
        package let practitioner: Identifier<Resource>
        /// The practitioner's name, as it is shown to the public.
        package let name: String
        /// When an appointment can start.
        package let free: [Instant]
        /// When an appointment could start if the time were not taken.
        package let taken: [Instant]

        package init(practitioner: Identifier<Resource>, name: String, free: [Instant], taken: [Instant]) {
            (self.practitioner, self.name, self.free, self.taken) = (practitioner, name, free, taken)
        }
    }

    /// One type of care on this day.
    package struct Care: Hashable, Sendable {
        package let careType: CareType
        package let durationMinutes: Int
        /// By practitioner.
        package let offers: [Offer]

        package init(careType: CareType, durationMinutes: Int, offers: [Offer]) {
            (self.careType, self.durationMinutes, self.offers) = (careType, durationMinutes, offers)
        }
    }

    package let bounds: Bounds
    /// The types of care that the clinic gives, in the order of ``CareType``.
    package let cares: [Care]

    package init(bounds: Bounds, cares: [Care]) { (self.bounds, self.cares) = (bounds, cares) }

    /// One type of care; nil if the clinic does not give it.
    package func care(_ careType: CareType) -> Care? { cares.first { $0.careType == careType } }
}
