package import Primitives

/// Everything that decides which slots a clinic has, except its appointments.
package struct Clinic: Sendable {
    /// The clinic's settings for slots.
    package let rules: SlotRules
    /// The clinic's time zone.
    package let zone: ZoneOffsets
    /// Practitioners and rooms by their ids.
    package let resources: [Identifier<Resource>: Resource]
    /// The settings of each type of care; a missing one is not offered.
    package let careTypes: [CareType: CareTypeSettings]
    /// Days on which the clinic is closed, except for resources with an exception on that day.
    package let holidays: Set<LocalDay>

    /// A clinic; of two resources with the same id the last one is used.
    package init(
        rules: SlotRules, zone: ZoneOffsets, resources: [Resource], careTypes: [CareType: CareTypeSettings],
        holidays: Set<LocalDay> = []
    ) {
        (self.rules, self.zone, self.careTypes, self.holidays) = (rules, zone, careTypes, holidays)
        self.resources = Dictionary(resources.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    }

    /// The periods in which `resource` is open on `days`.
    ///
    /// An opening or closing time that the wall clock shows twice means its first occurrence; one that it skips means
    /// the instant of the skip; hours that it skips completely do not exist.
    func openings(of resource: Resource, on days: ClosedRange<LocalDay>) -> [TimeRange] {
        days.flatMap { day in
            resource.hours.hours(on: day, isHoliday: holidays.contains(day)).intervals.compactMap {
                TimeRange(zone.firstInstant(day, $0.opens), zone.firstInstant(day, $0.closes))
            }
        }
    }
}
