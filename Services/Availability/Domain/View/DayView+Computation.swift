package import Primitives
package import Scheduling

extension DayView {
    /// The view of `day`, by the very search that books.
    ///
    /// - Parameters:
    ///   - allocations: everything that meets ``reach(of:in:)``.
    ///   - names: what the public knows the practitioners by.
    package init(
        of day: LocalDay, in clinic: Clinic, allocations: [Allocation], names: [Identifier<Resource>: String]
    ) {
        let bounds = Bounds(
            leadTimeMinutes: clinic.rules.leadTimeMinutes,
            bookableFrom: clinic.zone.firstInstant(day.advanced(by: -clinic.rules.horizonDays), .midnight))
        guard let hours = Self.hours(of: day, in: clinic.zone) else {
            self.init(bounds: bounds, cares: [])
            return
        }
        let now = SlotSearch(clinic, allocations: allocations, startingIn: hours)
        let ever = now.unoccupied
        let cares = CareType.allCases.compactMap { careType -> Care? in
            guard let settings = clinic.careTypes[careType] else { return nil }
            let free = Self.starts(now.slots(SlotQuery(careType, startingIn: hours)))
            let all = Self.starts(ever.slots(SlotQuery(careType, startingIn: hours)))
            let offers = all.sorted { $0.key < $1.key }.map { practitioner, starts in
                let left = Set(free[practitioner] ?? [])
                return Offer(
                    practitioner: practitioner, name: names[practitioner] ?? "",
                    free: starts.filter(left.contains), taken: starts.filter { !left.contains($0) })
            }
            return Care(careType: careType, durationMinutes: settings.duration.minutes, offers: offers)
        }
        self.init(bounds: bounds, cares: cares)
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

    private static func starts(_ slots: [Slot]) -> [Identifier<Resource>: [Instant]] {
        Dictionary(grouping: slots, by: \.practitioner).mapValues { $0.map(\.range.start) }
    }
}
