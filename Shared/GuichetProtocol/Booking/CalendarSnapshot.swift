package import Primitives

/// Marks ids of resources, which are practitioners and rooms.
package enum ResourceKind {}
/// The id of a practitioner or a room.
package typealias ResourceID = Identifier<ResourceKind>

/// Everything that determines which slots a clinic has, except appointments: who and what can be booked, and when.
package struct CalendarSnapshot: Codable, Hashable, Sendable, WireRules {
    /// The version of the calendar, and of the event; it increases with every change.
    package var version: Int
    /// The step between two possible starts, in minutes, counted from the opening.
    package var slotGridMinutes: Int
    /// How many minutes before its start an appointment must be booked.
    package var leadTimeMinutes: Int
    /// The number of days after today that can be booked.
    package var horizonDays: Int
    /// The practitioners and rooms that can be booked.
    package var resources: [ResourceSnapshot]
    /// The types of care that the clinic offers.
    package var careTypes: [CareTypeSnapshot]
    /// The days on which the clinic is closed, except for resources with an exception on that day; past days may be
    /// missing.
    package var holidays: [LocalDay]

    package init(
        version: Int, slotGridMinutes: Int, leadTimeMinutes: Int, horizonDays: Int, resources: [ResourceSnapshot],
        careTypes: [CareTypeSnapshot], holidays: [LocalDay]
    ) {
        (self.version, self.slotGridMinutes) = (version, slotGridMinutes)
        (self.leadTimeMinutes, self.horizonDays) = (leadTimeMinutes, horizonDays)
        (self.resources, self.careTypes, self.holidays) = (resources, careTypes, holidays)
    }

    package static let rules: [String: WireRule] = ["version": .bounds(minimum: 1, maximum: nil)]
}

/// A practitioner or a room, and its hours on the clock of the clinic.
package struct ResourceSnapshot: Codable, Hashable, Sendable, WireRules {
    /// The id, unique among practitioners and rooms.
    package var id: ResourceID
    /// The kind of resource.
    package var kind: String
    /// The public name.
    package var name: String
    /// The hours that repeat every week; a weekday without an entry is closed.
    package var week: [WeekdayHours]
    /// The days with other hours than those of the week; past days may be missing.
    package var exceptions: [DatedHours]

    package init(id: ResourceID, kind: String, name: String, week: [WeekdayHours], exceptions: [DatedHours]) {
        (self.id, self.kind, self.name, self.week, self.exceptions) = (id, kind, name, week, exceptions)
    }

    package static let rules: [String: WireRule] = ["kind": .oneOf(["practitioner", "room"])]
}

/// The hours of one weekday.
package struct WeekdayHours: Codable, Hashable, Sendable, WireRules {
    /// The weekday: 1 is Monday, 7 is Sunday, as in ISO 8601.
    package var weekday: Int
    /// The periods in order, which neither overlap nor touch; none when the resource is closed.
    package var hours: [OpenHours]

    package init(weekday: Int, hours: [OpenHours]) { (self.weekday, self.hours) = (weekday, hours) }

    package static let rules: [String: WireRule] = ["weekday": .bounds(minimum: 1, maximum: 7)]
}

/// The hours of one day.
package struct DatedHours: Codable, Hashable, Sendable {
    /// The day, on the calendar of the clinic.
    package var day: LocalDay
    /// The periods in order, which neither overlap nor touch; none when the resource is closed.
    package var hours: [OpenHours]

    package init(day: LocalDay, hours: [OpenHours]) { (self.day, self.hours) = (day, hours) }
}

/// A period of one day on the clock of the clinic, `closes` excluded.
package struct OpenHours: Codable, Hashable, Sendable {
    /// The first minute, for example `08:00`.
    package var opens: MinuteOfDay
    /// The minute after the last; `24:00` is the end of the day.
    package var closes: MinuteOfDay

    package init(opens: MinuteOfDay, closes: MinuteOfDay) { (self.opens, self.closes) = (opens, closes) }
}

/// How a clinic provides one type of care.
package struct CareTypeSnapshot: Codable, Hashable, Sendable, WireRules {
    /// The type of care, for example `detartrage`.
    package var careType: String
    /// The length of an appointment in minutes, without buffers.
    package var durationMinutes: Int
    /// The minutes for which practitioner and room are taken before the start.
    package var bufferBefore: Int
    /// The minutes for which practitioner and room are taken after the end.
    package var bufferAfter: Int
    /// The practitioners who provide the care.
    package var practitioners: [ResourceID]
    /// The rooms for the care, preferred rooms first; absent when the care needs no room.
    package var rooms: [ResourceID]?

    package init(
        careType: String, durationMinutes: Int, bufferBefore: Int, bufferAfter: Int, practitioners: [ResourceID],
        rooms: [ResourceID]?
    ) {
        (self.careType, self.durationMinutes) = (careType, durationMinutes)
        (self.bufferBefore, self.bufferAfter) = (bufferBefore, bufferAfter)
        (self.practitioners, self.rooms) = (practitioners, rooms)
    }

    package static let rules: [String: WireRule] = [
        "durationMinutes": .bounds(minimum: 15, maximum: 180), "bufferBefore": .bounds(minimum: 0, maximum: nil),
        "bufferAfter": .bounds(minimum: 0, maximum: nil),
    ]
}

/// The opening hours, care types, holidays or booking rules of a clinic changed. The event carries the whole calendar.
/// The aggregate is the calendar, identified by the slug of the tenant.
package struct CalendarChanged: Event {
    package static let name = EventName("booking", "calendar", "changed", version: 1)
    /// The calendar after the change.
    package var calendar: CalendarSnapshot
    package init(calendar: CalendarSnapshot) { self.calendar = calendar }
}
