import FoundationEssentials
package import Primitives
package import Scheduling

/// Unwraps the value of a literal that the test knows to be valid.
package func valid<Value>(_ value: Value?) -> Value {
    guard let value else { preconditionFailure("a literal of the tests is not valid") }
    return value
}

/// Valid values as a starting point; tests name what they change.
package enum Fixture {
    /// An hour east, without summer time.
    package static let algiers = zone(3600)

    /// 20 November 2026 is a Friday.
    package static let friday = LocalDay(daysSinceEpoch: 20_777)

    /// The id that ends with `number`, up to 65,535.
    package static func id<Kind>(_ number: Int) -> Identifier<Kind> {
        let (high, low) = (UInt8(number >> 8), UInt8(truncatingIfNeeded: number))
        return Identifier(UUID(uuid: (0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, high, low)))
    }

    /// A zone that is `initial` seconds east of UTC, and the given number from each instant on.
    package static func zone(_ initial: Int, _ changes: (String, Int)...) -> ZoneOffsets {
        let changes = changes.map { ZoneOffsets.Change(at: instant($0), secondsEast: $1) }
        return valid(ZoneOffsets(initial: initial, changes: changes))
    }

    /// From RFC 3339.
    package static func instant(_ text: String) -> Instant { valid(Instant(rfc3339: text)) }

    /// From one RFC 3339 instant to another.
    package static func range(_ start: String, _ end: String) -> TimeRange {
        valid(TimeRange(instant(start), instant(end)))
    }

    /// Of a day, as `("08:00", "12:00")`.
    package static func hours(_ intervals: (String, String)...) -> DayHours {
        valid(DayHours(intervals.map { valid(OpeningInterval(valid(MinuteOfDay($0)), valid(MinuteOfDay($1)))) }))
    }

    /// The same hours each day of the week.
    package static func everyDay(_ hours: DayHours, exceptions: [LocalDay: DayHours] = [:]) -> OpeningHours {
        OpeningHours(
            weekly: Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, hours) }), exceptions: exceptions)
    }

    /// Rules that allow almost everything.
    package static func slotRules(
        slotGridMinutes: Int = 15, leadTimeMinutes: Int = 0, horizonDays: Int = 90
    ) throws -> SlotRules {
        try SlotRules(slotGridMinutes: slotGridMinutes, leadTimeMinutes: leadTimeMinutes, horizonDays: horizonDays)
    }

    /// The first practitioner of ``clinic(rules:zone:hours:holidays:)``.
    package static let doctor: Identifier<Resource> = id(1)
    /// The second one.
    package static let colleague: Identifier<Resource> = id(2)
    /// A room of the same clinic.
    package static let firstRoom: Identifier<Resource> = id(11)
    /// The other room, which surgery prefers.
    package static let secondRoom: Identifier<Resource> = id(12)

    /// Two practitioners and two rooms, open from 8 to 12 every day; a consultation needs a practitioner for 30
    /// minutes, surgery a practitioner and a room for an hour, with buffers of 10 minutes before and 20 after.
    package static func clinic(
        rules: SlotRules? = nil, zone: ZoneOffsets = algiers, hours: OpeningHours? = nil, holidays: Set<LocalDay> = []
    ) throws -> Clinic {
        let hours = hours ?? everyDay(self.hours(("08:00", "12:00")))
        return Clinic(
            rules: try rules ?? slotRules(), zone: zone,
            resources: [(doctor, .practitioner), (colleague, .practitioner), (firstRoom, .room), (secondRoom, .room)]
                .map { Resource(id: $0, kind: $1, hours: hours) },
            careTypes: [
                .consultation: try CareTypeSettings(
                    duration: valid(DurationMinutes(30)), practitioners: [doctor, colleague]),
                .chirurgie: try CareTypeSettings(
                    duration: valid(DurationMinutes(60)), bufferBefore: 10, bufferAfter: 20,
                    practitioners: [doctor, colleague], rooms: [secondRoom, firstRoom]),
            ],
            holidays: holidays)
    }

    /// A consultation of half an hour.
    package static func slot(
        _ start: String = "2026-11-20T08:00:00Z", practitioner: Identifier<Resource> = doctor
    ) -> Slot {
        let range = TimeRange(from: instant(start), lasting: valid(DurationMinutes(30)))
        return Slot(careType: .consultation, practitioner: practitioner, room: nil, range: range, blocked: range)
    }
}
