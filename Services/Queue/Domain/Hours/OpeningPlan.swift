package import Primitives
package import Scheduling

/// When a queue opens and closes by itself, and when its day ends: on the clock of the clinic.
package struct OpeningPlan: Hashable, Sendable {
    /// The days that are examined for the next change: hours repeat every week.
    private static let horizon = 9

    /// The hours of each weekday; a weekday without an entry is closed.
    package let week: [Weekday: DayHours]
    /// When all tickets that are left are ended, every day; nil if staff do that.
    package let dayEnd: MinuteOfDay?

    /// A plan that repeats `week`.
    package init(_ week: [Weekday: DayHours], dayEnd: MinuteOfDay? = nil) {
        (self.week, self.dayEnd) = (week.filter { !$0.value.intervals.isEmpty }, dayEnd)
    }

    /// Whether the queue is open at `instant` if staff do not decide otherwise.
    package func isOpen(at instant: Instant, in zone: ZoneOffsets) -> Bool {
        openings(around: instant, in: zone).contains { $0.contains(instant) }
    }

    /// The first instant after `instant` at which the plan opens or closes. Returns nil if it never does: it is always
    /// closed, or always open.
    package func nextChange(after instant: Instant, in zone: ZoneOffsets) -> Instant? {
        let end = zone.firstInstant(zone.local(instant).day.advanced(by: Self.horizon), .midnight)
        return openings(around: instant, in: zone).flatMap { [$0.lowerBound, $0.upperBound] }
            .first { $0 > instant && $0 < end }
    }

    /// The first instant after `instant` at which the day ends. Returns nil if staff end it.
    package func nextDayEnd(after instant: Instant, in zone: ZoneOffsets) -> Instant? {
        guard let dayEnd else { return nil }
        let today = zone.local(instant).day
        return (-1...2).map { zone.firstInstant(today.advanced(by: $0), dayEnd) }.first { $0 > instant }
    }

    /// The openings from the day before on, in order. Those that touch, at midnight or because the clock skips the pause
    /// between them, are one.
    private func openings(around instant: Instant, in zone: ZoneOffsets) -> [Range<Instant>] {
        let today = zone.local(instant).day
        var openings: [Range<Instant>] = []
        for offset in -1...Self.horizon {
            let day = today.advanced(by: offset)
            for interval in week[day.weekday]?.intervals ?? [] {
                let (start, end) = (zone.firstInstant(day, interval.opens), zone.firstInstant(day, interval.closes))
                guard start < end else { continue }  // The clock skips it.
                if let last = openings.last, last.upperBound >= start {
                    openings[openings.count - 1] = last.lowerBound..<end
                } else {
                    openings.append(start..<end)
                }
            }
        }
        return openings
    }
}
