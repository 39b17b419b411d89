import BookingDomain
import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import Scheduling

// The inputs of the routes of the calendar.

/// A practitioner or a room as it is to be.
struct ResourceInput: Codable, Sendable {
    /// The name as the clinic shows it.
    let name: Label
    /// The weekly hours.
    let hours: WeeklyHours

    var wish: ChangeResource.Wish { ChangeResource.Wish(name: name, hours: hours) }
}

/// The other hours of a day.
struct ExceptionInput: Codable, Sendable {
    /// The hours of the day; an empty list means closed.
    let hours: DayHours
    /// A note for the calendar; absent without one.
    let reason: Reason?
}

/// A day on which the clinic is closed.
struct HolidayInput: Codable, Sendable {
    /// The name of the holiday.
    let name: Label
}

/// A year from this day on; from today by default.
struct DaysQuery: Codable, Sendable {
    /// The first day of the year that is listed; today if absent.
    let from: LocalDay?
}

/// How the clinic is to give a type of care.
struct CareTypeInput: Codable, Sendable {
    /// What the clinic calls it; the usual name if absent.
    let label: Label?
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

    func wish() throws(SettingOutOfRange) -> SetCareType.Wish {
        let settings = try CareTypeSettings(
            duration: durationMinutes, bufferBefore: bufferBefore, bufferAfter: bufferAfter,
            practitioners: practitioners, rooms: needsRoom ? rooms : nil)
        return SetCareType.Wish(label: label, settings: settings, rooms: rooms)
    }
}

/// The numbers of the clinic's rules; each is set.
struct SettingsInput: Codable, Sendable {
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
    /// How many appointments ahead one patient account may have; 10 if absent.
    let bookingsPerClient: Int?
    /// How many bookings the clinic processes at a time.
    let concurrentBookings: Int
    /// How many bookings the clinic takes in a minute.
    let bookingsPerMinute: Int
    /// How long before the start patients may still cancel or move.
    let cancellationCutOffMinutes: Int

    func rules(of tenant: TenantProfile) throws(SettingOutOfRange) -> ClinicRules {
        try ClinicRules(
            address: tenant.address, timeZone: tenant.timeZone, phone: .of(country: tenant.phoneCountry),
            slots: SlotRules(
                slotGridMinutes: slotGridMinutes, leadTimeMinutes: leadTimeMinutes, horizonDays: horizonDays),
            holdLifetimeSeconds: holdLifetimeSeconds, holdsPerClient: holdsPerClient,
            bookingsPerClient: bookingsPerClient ?? 10, concurrentBookings: concurrentBookings,
            bookingsPerMinute: bookingsPerMinute,
            cancellationCutOffMinutes: cancellationCutOffMinutes)
    }
}

extension CareType: PathParameter {
    init?(pathText text: String) { self.init(rawValue: text) }
    static var schema: JSONSchema { .enumeration(allCases.map(\.rawValue)) }
}
