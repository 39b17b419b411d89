package import Primitives

/// When a resource is open: a plan that repeats every week, and the dated days that differ from it.
package struct OpeningHours: Hashable, Sendable {
    /// The hours of each weekday; a weekday without an entry is closed.
    package let weekly: [Weekday: DayHours]
    /// The days on which other hours hold, `.closed` among them.
    package let exceptions: [LocalDay: DayHours]

    /// Hours that repeat `weekly`, save on the days of `exceptions`.
    package init(weekly: [Weekday: DayHours], exceptions: [LocalDay: DayHours] = [:]) {
        (self.weekly, self.exceptions) = (weekly, exceptions)
    }

    /// The hours of one day. An exception beats a holiday, so that somebody can be on duty; a holiday beats the week.
    package func hours(on day: LocalDay, isHoliday: Bool) -> DayHours {
        exceptions[day] ?? (isHoliday ? .closed : weekly[day.weekday] ?? .closed)
    }
}
