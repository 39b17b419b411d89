import GuichetProtocol
import Primitives
import Scheduling

extension Clinic {
    /// The clinic as Booking describes it. Throws ``UnreadableCalendar`` if it breaks a rule of scheduling.
    init(_ snapshot: CalendarSnapshot, zone: ZoneOffsets) throws {
        let careTypes = try snapshot.careTypes.compactMap { care -> (CareType, CareTypeSettings)? in
            // A type of care that this version does not know cannot be searched for, either.
            guard let careType = CareType(rawValue: care.careType) else { return nil }
            guard let duration = DurationMinutes(care.durationMinutes) else { throw UnreadableCalendar() }
            let settings = try CareTypeSettings(
                duration: duration, bufferBefore: care.bufferBefore, bufferAfter: care.bufferAfter,
                practitioners: care.practitioners.map { Identifier($0.uuid) },
                rooms: care.rooms.map { $0.map { Identifier($0.uuid) } })
            return (careType, settings)
        }
        try self.init(
            rules: SlotRules(
                slotGridMinutes: snapshot.slotGridMinutes, leadTimeMinutes: snapshot.leadTimeMinutes,
                horizonDays: snapshot.horizonDays),
            zone: zone, resources: snapshot.resources.map(Resource.init),
            careTypes: Dictionary(careTypes, uniquingKeysWith: { $1 }), holidays: Set(snapshot.holidays))
    }
}

/// Booking sent a calendar that breaks a rule of scheduling.
struct UnreadableCalendar: Error {}

extension Resource {
    fileprivate init(_ snapshot: ResourceSnapshot) throws {
        guard let kind = Kind(rawValue: snapshot.kind) else { throw UnreadableCalendar() }
        var weekly: [Weekday: DayHours] = [:]
        for entry in snapshot.week {
            guard let weekday = Weekday(rawValue: entry.weekday) else { throw UnreadableCalendar() }
            weekly[weekday] = try DayHours(entry.hours)
        }
        let exceptions = try snapshot.exceptions.map { ($0.day, try DayHours($0.hours)) }
        self.init(
            id: Identifier(snapshot.id.uuid), kind: kind,
            hours: OpeningHours(weekly: weekly, exceptions: Dictionary(exceptions, uniquingKeysWith: { $1 })))
    }
}

extension DayHours {
    fileprivate init(_ hours: [OpenHours]) throws {
        let intervals = try hours.map { hours in
            guard let interval = OpeningInterval(hours.opens, hours.closes) else { throw UnreadableCalendar() }
            return interval
        }
        guard let day = DayHours(intervals) else { throw UnreadableCalendar() }
        self = day
    }
}
