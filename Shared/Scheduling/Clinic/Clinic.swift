package import Primitives

/// Everything about a clinic that decides which slots exist, appointments apart.
package struct Clinic: Sendable {
    /// The numbers that the clinic chose.
    package let rules: SlotRules
    /// The clinic's clock.
    package let zone: ZoneOffsets
    /// Practitioners and rooms by their ids.
    package let resources: [Identifier<Resource>: Resource]
    /// How each care is given; one that is missing is not offered.
    package let careTypes: [CareType: CareTypeSettings]
    /// Days on which the clinic is closed, save for resources with an exception on that day.
    package let holidays: Set<LocalDay>

    /// A clinic; of two resources with one id the last counts.
    package init(
        rules: SlotRules, zone: ZoneOffsets, resources: [Resource], careTypes: [CareType: CareTypeSettings],
        holidays: Set<LocalDay> = []
    ) {
        (self.rules, self.zone, self.careTypes, self.holidays) = (rules, zone, careTypes, holidays)
        self.resources = Dictionary(resources.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    }

    /// The stretches of time in which `resource` is open on `days`.
    ///
    /// An opening or closing time that the wall clock shows twice means its first showing; one that it skips means the
    /// instant of the skip; hours that it skips altogether do not exist.
    func openings(of resource: Resource, on days: ClosedRange<LocalDay>) -> [TimeRange] {
        days.flatMap { day in
            resource.hours.hours(on: day, isHoliday: holidays.contains(day)).intervals.compactMap {
                TimeRange(zone.firstInstant(day, $0.opens), zone.firstInstant(day, $0.closes))
            }
        }
    }
}
