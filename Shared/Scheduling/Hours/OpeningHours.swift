package import Primitives

/// The opening hours of a resource: a weekly plan, and dated days that differ from it.
package struct OpeningHours: Hashable, Sendable {
    /// The hours of each weekday; a weekday without an entry is closed.
    package let weekly: [Weekday: DayHours]
    /// The days with other hours, including `.closed`.
    package let exceptions: [LocalDay: DayHours]

    /// Hours that repeat `weekly`, except on the days of `exceptions`.
    package init(weekly: [Weekday: DayHours], exceptions: [LocalDay: DayHours] = [:]) {
        (self.weekly, self.exceptions) = (weekly, exceptions)
    }

    /// The hours of one day. An exception takes precedence over a holiday, so that a practitioner can be on duty; a
    /// holiday takes precedence over the weekly plan.
    package func hours(on day: LocalDay, isHoliday: Bool) -> DayHours {
        exceptions[day] ?? (isHoliday ? .closed : weekly[day.weekday] ?? .closed)
    }
}
