package import Primitives

/// The free slots of one day of a tenant have changed, and every search shows it. The aggregate is the tenant's day,
/// `<tenant>/<day>`.
package struct DayPublished: Event {
    package static let name = EventName("availability", "day", "published", version: 1)
    /// On the clinic's calendar.
    package var day: LocalDay
    /// What is left for each type of care that the tenant gives.
    package var careTypes: [CareTypeLeft]

    package init(day: LocalDay, careTypes: [CareTypeLeft]) { (self.day, self.careTypes) = (day, careTypes) }
}

/// What is left of one day for one type of care.
package struct CareTypeLeft: Codable, Hashable, Sendable {
    /// For example `detartrage`.
    package var careType: String
    /// How many slots are free, those of different practitioners at one time counted each.
    package var free: Int
    /// When the first of them starts; nil when there is none.
    package var first: Instant?

    package init(careType: String, free: Int, first: Instant?) {
        (self.careType, self.free, self.first) = (careType, free, first)
    }
}
