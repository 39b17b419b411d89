import BookingDomain
import Primitives
import Scheduling

// The calendar as it is answered. Only answers to changes have `conflicts`: the future appointments that the change
// left outside the hours.

/// A practitioner or a room.
struct ResourceView: Codable, Hashable, Sendable {
    /// The id.
    let id: Identifier<Resource>
    /// The name as the clinic shows it.
    let name: Label
    /// The weekly hours.
    let hours: WeeklyHours
    /// False once it was deactivated: nothing new is booked with it.
    let isActive: Bool
    /// Counts the changes; `If-Match` takes the `ETag` instead.
    let version: EntityVersion
    /// The future appointments that the change left outside the hours; absent in answers to reads.
    let conflicts: [Identifier<Appointment>]?

    func with(conflicts: [Identifier<Appointment>]) -> ResourceView {
        ResourceView(id: id, name: name, hours: hours, isActive: isActive, version: version, conflicts: conflicts)
    }
}

/// A day on which a practitioner or a room has other hours.
struct ExceptionView: Codable, Hashable, Sendable {
    /// The day on the calendar of the clinic.
    let day: LocalDay
    /// The hours of the day; an empty list means closed.
    let hours: DayHours
    /// The reason that was stated; absent without one.
    let reason: Reason?
    /// Counts the changes; `If-Match` takes the `ETag` instead.
    let version: EntityVersion
    /// The future appointments that the change left outside the hours; absent in answers to reads.
    let conflicts: [Identifier<Appointment>]?
}

/// A day on which the clinic is closed.
struct HolidayView: Codable, Hashable, Sendable {
    /// The day on the calendar of the clinic.
    let day: LocalDay
    /// The name of the holiday.
    let name: Label
    /// Counts the changes; `If-Match` takes the `ETag` instead.
    let version: EntityVersion
    /// The future appointments on the day; absent in answers to reads.
    let conflicts: [Identifier<Appointment>]?
}

/// The appointments that a removal left outside the hours.
struct ConflictsView: Codable, Hashable, Sendable {
    /// The future appointments that are outside the hours now.
    let conflicts: [Identifier<Appointment>]
}

/// How the clinic gives a type of care.
struct CareTypeView: Codable, Hashable, Sendable {
    /// The type of care.
    let careType: CareType
    /// What the clinic calls it.
    let label: Label
    /// How long an appointment takes, in minutes.
    let durationMinutes: DurationMinutes
    /// Minutes that practitioner and room are taken before the appointment.
    let bufferBefore: Int
    /// Minutes that practitioner and room are taken after the appointment.
    let bufferAfter: Int
    /// Whether an appointment takes a room.
    let needsRoom: Bool
    /// The practitioners that give this care.
    let practitioners: [Identifier<Resource>]
    /// The rooms that it can take, in order of preference.
    let rooms: [Identifier<Resource>]
    /// Counts the changes; `If-Match` takes the `ETag` instead.
    let version: EntityVersion
}

/// The clinic's rules. Address, time zone and telephone numbers are the tenant's and never change here.
struct SettingsView: Codable, Hashable, Sendable {
    /// The address of the tenant.
    let address: String
    /// The IANA time zone of the tenant.
    let timeZone: String
    /// An expression that the telephone numbers of patients match.
    let phonePattern: String
    /// Slots start on multiples of so many minutes.
    let slotGridMinutes: Int
    /// The least time between a booking by a patient and the start of its slot.
    let leadTimeMinutes: Int
    /// How many days ahead slots can be booked.
    let horizonDays: Int
    /// How long a hold keeps its slot.
    let holdLifetimeSeconds: Int
    /// How many holds one patient may have at a time.
    let holdsPerClient: Int
    /// How many appointments ahead one patient account may have.
    let bookingsPerClient: Int
    /// How many bookings the clinic processes at a time.
    let concurrentBookings: Int
    /// How many bookings the clinic takes in a minute.
    let bookingsPerMinute: Int
    /// How long before the start patients may still cancel or move.
    let cancellationCutOffMinutes: Int
    /// Counts the changes of the whole calendar; `If-Match` takes the `ETag` instead.
    let version: EntityVersion

    init(_ rules: ClinicRules, version: EntityVersion) {
        (address, timeZone, phonePattern) = (rules.address, rules.timeZone, rules.phone.pattern)
        (slotGridMinutes, leadTimeMinutes) = (rules.slots.slotGridMinutes, rules.slots.leadTimeMinutes)
        (horizonDays, holdLifetimeSeconds) = (rules.slots.horizonDays, rules.holdLifetimeSeconds)
        (holdsPerClient, concurrentBookings) = (rules.holdsPerClient, rules.concurrentBookings)
        (bookingsPerClient, bookingsPerMinute) = (rules.bookingsPerClient, rules.bookingsPerMinute)
        cancellationCutOffMinutes = rules.cancellationCutOffMinutes
        self.version = version
    }
}
