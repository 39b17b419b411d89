package import Primitives

/// The free slots of a day changed, and every search shows the change. The aggregate is the day of the tenant,
/// `<tenant>/<day>`.
package struct DayPublished: Event {
    package static let name = EventName("availability", "day", "published", version: 1)
    /// The day, on the calendar of the clinic.
    package var day: LocalDay
    /// The free slots by type of care, one entry for each type that the clinic offers.
    package var careTypes: [CareTypeLeft]

    package init(day: LocalDay, careTypes: [CareTypeLeft]) { (self.day, self.careTypes) = (day, careTypes) }
}

/// The free slots of one day for one type of care.
package struct CareTypeLeft: Codable, Hashable, Sendable, WireRules {
    /// The type of care, for example `detartrage`.
    package var careType: String
    /// The number of free slots; slots of different practitioners at the same time count separately.
    package var free: Int
    /// The start of the first free slot; absent when there is none.
    package var first: Instant?

    package static let rules: [String: WireRule] = ["free": .bounds(minimum: 0, maximum: nil)]

    package init(careType: String, free: Int, first: Instant?) {
        (self.careType, self.free, self.first) = (careType, free, first)
    }
}
