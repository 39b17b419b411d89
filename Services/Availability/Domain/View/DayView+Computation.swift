package import Primitives
package import Scheduling

extension DayView {
    /// When appointments could start on a day if nobody had come, for each type of care by practitioner. It depends on the
    /// clinic alone, so one that is kept serves as long as the calendar stays.
    package typealias Openings = [CareType: [Identifier<Resource>: [Instant]]]

    /// The openings of `day`.
    package static func openings(of day: LocalDay, in clinic: Clinic) -> Openings {
        starts(on: day, in: clinic, allocations: [])
    }

    /// The view of `day`, by the very search that books.
    ///
    /// - Parameters:
    ///   - allocations: everything that meets ``reach(of:in:)``.
    ///   - openings: those of the day.
    ///   - names: what the public knows the practitioners by.
    package init(
        of day: LocalDay, in clinic: Clinic, allocations: [Allocation], openings: Openings,
        names: [Identifier<Resource>: String]
    ) {
        let free = allocations.isEmpty ? openings : Self.starts(on: day, in: clinic, allocations: allocations)
        let cares = CareType.allCases.compactMap { careType -> Care? in
            guard let settings = clinic.careTypes[careType], let all = openings[careType] else { return nil }
            let offers = all.sorted { $0.key < $1.key }.map { practitioner, starts in
                let left = free[careType]?[practitioner] ?? []
                return Offer(
                    practitioner: practitioner, name: names[practitioner] ?? "", free: left,
                    taken: Self.difference(starts, left))
            }
            return Care(careType: careType, durationMinutes: settings.duration.minutes, offers: offers)
        }
        let bookableFrom = clinic.zone.firstInstant(day.advanced(by: -clinic.rules.horizonDays), .midnight)
        self.init(
            bounds: Bounds(leadTimeMinutes: clinic.rules.leadTimeMinutes, bookableFrom: bookableFrom), cares: cares)
    }

    private static func starts(on day: LocalDay, in clinic: Clinic, allocations: [Allocation]) -> Openings {
        guard let hours = hours(of: day, in: clinic.zone) else { return [:] }
        let search = SlotSearch(clinic, allocations: allocations, startingIn: hours)
        var starts: Openings = [:]
        for careType in clinic.careTypes.keys {
            starts[careType] = search.starts(SlotQuery(careType, startingIn: hours))
        }
        return starts
    }

    /// What of `all` is not in `some`; both ascend, and `all` holds `some`.
    private static func difference(_ all: [Instant], _ some: [Instant]) -> [Instant] {
        guard all.count > some.count else { return [] }
        var rest = some[...]
        return all.filter { start in
            guard rest.first == start else { return true }
            rest.removeFirst()
            return false
        }
    }

    /// From midnight to midnight on the clinic's clock; nil for a day that the clock skips altogether.
    package static func hours(of day: LocalDay, in zone: ZoneOffsets) -> TimeRange? {
        TimeRange(zone.firstInstant(day, .midnight), zone.firstInstant(day.advanced(by: 1), .midnight))
    }

    /// Where allocations lie that matter to slots of `days`.
    package static func reach(of days: ClosedRange<LocalDay>, in zone: ZoneOffsets) -> TimeRange? {
        TimeRange(
            zone.firstInstant(days.lowerBound, .midnight), zone.firstInstant(days.upperBound.advanced(by: 1), .midnight)
        )?.reach
    }

    /// The days whose slots may come or go when `blocked` is taken or freed.
    package static func days(touchedBy blocked: TimeRange, in zone: ZoneOffsets) -> ClosedRange<LocalDay> {
        let starts = blocked.origins
        return zone.local(starts.start).day...zone.local(starts.end).day
    }
}
