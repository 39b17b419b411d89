package import Primitives
package import Scheduling

/// Everything that a search can show of one day of a clinic: for each type of care and practitioner, when an appointment
/// could start if nobody had come before, and when it still can.
///
/// It holds nothing that depends on the hour at which somebody looks: a reader leaves out what starts before
/// ``Bounds/earliest(at:)`` allows.
package struct DayView: Hashable, Sendable {
    /// What a reader must know to leave out slots that exist but cannot be booked at the moment.
    package struct Bounds: Hashable, Sendable {
        /// How far ahead of its start an appointment must be taken.
        package let leadTimeMinutes: Int
        /// When the day comes within the clinic's horizon.
        package let bookableFrom: Instant

        package init(leadTimeMinutes: Int, bookableFrom: Instant) {
            (self.leadTimeMinutes, self.bookableFrom) = (leadTimeMinutes, bookableFrom)
        }

        /// The first start that can be booked at `now`; nil when none can yet.
        package func earliest(at now: Instant) -> Instant? {
            now < bookableFrom ? nil : now + .seconds(leadTimeMinutes * 60)
        }
    }

    /// What one practitioner offers of one type of care, by start.
    package struct Offer: Hashable, Sendable {
        package let practitioner: Identifier<Resource>
        /// What the public knows the practitioner by.
        package let name: String
        /// When an appointment can start.
        package let free: [Instant]
        /// When one could start but for what is taken.
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

    /// What the view says of one type of care; nil when the clinic does not give it.
    package func care(_ careType: CareType) -> Care? { cares.first { $0.careType == careType } }
}
