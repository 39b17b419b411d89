import BookingDomain
import Primitives
import Scheduling

// The calendar as it is answered. Only answers to changes have `conflicts`: the future appointments that the change
// left outside the hours.

/// A practitioner or a room.
struct ResourceView: Codable, Hashable, Sendable {
    let id: Identifier<Resource>
    let name: Label
    let hours: WeeklyHours
    /// False once it was deactivated: nothing new is booked with it.
    let isActive: Bool
    let version: EntityVersion
    let conflicts: [Identifier<Appointment>]?

    func with(conflicts: [Identifier<Appointment>]) -> ResourceView {
        ResourceView(id: id, name: name, hours: hours, isActive: isActive, version: version, conflicts: conflicts)
    }
}

/// A day on which a practitioner or a room has other hours; none means closed.
struct ExceptionView: Codable, Hashable, Sendable {
    let day: LocalDay
    let hours: DayHours
    let reason: Reason?
    let version: EntityVersion
    let conflicts: [Identifier<Appointment>]?
}

/// A day on which the clinic is closed.
struct HolidayView: Codable, Hashable, Sendable {
    let day: LocalDay
    let name: Label
    let version: EntityVersion
    let conflicts: [Identifier<Appointment>]?
}

/// The appointments that a removal left outside the hours.
struct ConflictsView: Codable, Hashable, Sendable {
    let conflicts: [Identifier<Appointment>]
}

/// How the clinic gives a type of care.
struct CareTypeView: Codable, Hashable, Sendable {
    let careType: CareType
    /// What the clinic calls it.
    let label: Label
    let durationMinutes: DurationMinutes
    /// Minutes that practitioner and room are taken before and after the appointment.
    let bufferBefore: Int
    let bufferAfter: Int
    let needsRoom: Bool
    let practitioners: [Identifier<Resource>]
    /// In order of preference.
    let rooms: [Identifier<Resource>]
    let version: EntityVersion
}

/// The clinic's rules. Address, time zone and telephone numbers are the tenant's and never change here.
struct SettingsView: Codable, Hashable, Sendable {
    let address: String
    let timeZone: String
    let phonePattern: String
    let slotGridMinutes: Int
    let leadTimeMinutes: Int
    let horizonDays: Int
    let holdLifetimeSeconds: Int
    let holdsPerClient: Int
    let concurrentBookings: Int
    let bookingsPerMinute: Int
    let cancellationCutOffMinutes: Int
    /// Of the whole calendar.
    let version: EntityVersion

    init(_ rules: ClinicRules, version: EntityVersion) {
        (address, timeZone, phonePattern) = (rules.address, rules.timeZone, rules.phone.pattern)
        (slotGridMinutes, leadTimeMinutes) = (rules.slots.slotGridMinutes, rules.slots.leadTimeMinutes)
        (horizonDays, holdLifetimeSeconds) = (rules.slots.horizonDays, rules.holdLifetimeSeconds)
        (holdsPerClient, concurrentBookings) = (rules.holdsPerClient, rules.concurrentBookings)
        bookingsPerMinute = rules.bookingsPerMinute
        cancellationCutOffMinutes = rules.cancellationCutOffMinutes
        self.version = version
    }
}
