package import Primitives

/// Marks ids of what an appointment takes, practitioners and rooms alike.
package enum ResourceKind {}
/// The id of a practitioner or a room.
package typealias ResourceID = Identifier<ResourceKind>

/// Everything about a clinic that decides which slots exist, appointments apart: who and what can be booked, and when.
package struct CalendarSnapshot: Codable, Hashable, Sendable {
    /// Rises with every change.
    package var version: Int
    /// The step between two starts, in minutes from the opening on.
    package var slotGridMinutes: Int
    /// How far ahead of its start an appointment must be taken.
    package var leadTimeMinutes: Int
    /// How many days after today can be booked.
    package var horizonDays: Int
    /// The practitioners and rooms that can be booked.
    package var resources: [ResourceSnapshot]
    /// What the clinic offers.
    package var careTypes: [CareTypeSnapshot]
    /// Days on which the clinic is closed, save for resources with an exception on that day; past ones may be missing.
    package var holidays: [LocalDay]

    package init(
        version: Int, slotGridMinutes: Int, leadTimeMinutes: Int, horizonDays: Int, resources: [ResourceSnapshot],
        careTypes: [CareTypeSnapshot], holidays: [LocalDay]
    ) {
        (self.version, self.slotGridMinutes) = (version, slotGridMinutes)
        (self.leadTimeMinutes, self.horizonDays) = (leadTimeMinutes, horizonDays)
        (self.resources, self.careTypes, self.holidays) = (resources, careTypes, holidays)
    }
}

/// A practitioner or a room, and its hours on the clinic's clock.
package struct ResourceSnapshot: Codable, Hashable, Sendable {
    /// Unique among practitioners and rooms together.
    package var id: ResourceID
    /// `practitioner` or `room`.
    package var kind: String
    /// What the public knows it by.
    package var name: String
    /// The plan that repeats every week; a weekday without an entry is closed.
    package var week: [WeekdayHours]
    /// The dated days that differ from it.
    package var exceptions: [DatedHours]

    package init(id: ResourceID, kind: String, name: String, week: [WeekdayHours], exceptions: [DatedHours]) {
        (self.id, self.kind, self.name, self.week, self.exceptions) = (id, kind, name, week, exceptions)
    }
}

/// The hours of one weekday.
package struct WeekdayHours: Codable, Hashable, Sendable {
    /// 1 is Monday, 7 is Sunday, as in ISO 8601.
    package var weekday: Int
    /// In order; they neither overlap nor touch.
    package var hours: [OpenHours]

    package init(weekday: Int, hours: [OpenHours]) { (self.weekday, self.hours) = (weekday, hours) }
}

/// The hours of one day; none means closed.
package struct DatedHours: Codable, Hashable, Sendable {
    /// On the clinic's calendar.
    package var day: LocalDay
    /// In order; they neither overlap nor touch.
    package var hours: [OpenHours]

    package init(day: LocalDay, hours: [OpenHours]) { (self.day, self.hours) = (day, hours) }
}

/// A stretch of one day on the wall clock, `closes` excluded.
package struct OpenHours: Codable, Hashable, Sendable {
    /// Its first minute.
    package var opens: MinuteOfDay
    /// The minute after its last; `24:00` is the end of the day.
    package var closes: MinuteOfDay

    package init(opens: MinuteOfDay, closes: MinuteOfDay) { (self.opens, self.closes) = (opens, closes) }
}

/// How a clinic gives one type of care.
package struct CareTypeSnapshot: Codable, Hashable, Sendable {
    /// For example `detartrage`.
    package var careType: String
    /// From start to end of the appointment, without buffers.
    package var durationMinutes: Int
    /// Minutes that practitioner and room are taken before the start.
    package var bufferBefore: Int
    /// Minutes that they are taken after the end.
    package var bufferAfter: Int
    /// Who gives it.
    package var practitioners: [ResourceID]
    /// Where it is given, preferred rooms first; nil when it needs no room.
    package var rooms: [ResourceID]?

    package init(
        careType: String, durationMinutes: Int, bufferBefore: Int, bufferAfter: Int, practitioners: [ResourceID],
        rooms: [ResourceID]?
    ) {
        (self.careType, self.durationMinutes) = (careType, durationMinutes)
        (self.bufferBefore, self.bufferAfter) = (bufferBefore, bufferAfter)
        (self.practitioners, self.rooms) = (practitioners, rooms)
    }
}

/// The calendar of a tenant is another one now. The aggregate is the tenant's calendar, by the tenant's slug.
package struct CalendarChanged: Event {
    package static let name = EventName("booking", "calendar", "changed", version: 1)
    /// As it is from now on.
    package var calendar: CalendarSnapshot
    package init(calendar: CalendarSnapshot) { self.calendar = calendar }
}
