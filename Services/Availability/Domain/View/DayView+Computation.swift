package import Primitives
package import Scheduling

extension DayView {
    /// When appointments could start on a day without any appointments, for each type of care by practitioner. Openings
    /// depend only on the clinic, so they can be kept as long as the calendar does not change.
    package typealias Openings = [CareType: [Identifier<Resource>: [Instant]]]

    /// The openings of `day`.
    package static func openings(of day: LocalDay, in clinic: Clinic) -> Openings {
        starts(on: day, in: clinic, allocations: [])
    }

    /// The view of `day`, computed by the search that books.
    ///
    /// - Parameters:
    ///   - allocations: all allocations that overlap ``reach(of:in:)``.
    ///   - openings: those of the day.
    ///   - names: the names of the practitioners, as they are shown to the public.
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

    /// The elements of `all` that are not in `some`. Both are sorted, and `all` contains `some`.
    private static func difference(_ all: [Instant], _ some: [Instant]) -> [Instant] {
        guard all.count > some.count else { return [] }
        var rest = some[...]
        return all.filter { start in
            guard rest.first == start else { return true }
            rest.removeFirst()
            return false
        }
    }

    /// From midnight to midnight on the clinic's clock; nil for a day that the clock skips.
    package static func hours(of day: LocalDay, in zone: ZoneOffsets) -> TimeRange? {
        TimeRange(zone.firstInstant(day, .midnight), zone.firstInstant(day.advanced(by: 1), .midnight))
    }

    /// The time in which allocations affect slots of `days`.
    package static func reach(of days: ClosedRange<LocalDay>, in zone: ZoneOffsets) -> TimeRange? {
        TimeRange(
            zone.firstInstant(days.lowerBound, .midnight), zone.firstInstant(days.upperBound.advanced(by: 1), .midnight)
        )?.reach
    }

    /// The days whose slots may change if `blocked` is taken or freed.
    package static func days(touchedBy blocked: TimeRange, in zone: ZoneOffsets) -> ClosedRange<LocalDay> {
        let starts = blocked.origins
        return zone.local(starts.start).day...zone.local(starts.end).day
    }
}
