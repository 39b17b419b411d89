import BookingDomain
import GuichetProtocol
import Primitives
import Scheduling

// What the routes of the calendar take.

struct ResourceInput: Codable, Sendable {
    let name: Label
    let hours: WeeklyHours
}

struct ExceptionInput: Codable, Sendable {
    /// None means closed.
    let hours: DayHours
    let reason: Reason?
}

struct HolidayInput: Codable, Sendable {
    let name: Label
}

/// From which day on, for a year; from today when left out.
struct DaysQuery: Codable, Sendable {
    let from: LocalDay?
}

struct CareTypeInput: Codable, Sendable {
    let durationMinutes: DurationMinutes
    let bufferBefore: Int
    let bufferAfter: Int
    let needsRoom: Bool
    let practitioners: [Identifier<Resource>]
    let rooms: [Identifier<Resource>]

    func settings() throws(SettingOutOfRange) -> CareTypeSettings {
        try CareTypeSettings(
            duration: durationMinutes, bufferBefore: bufferBefore, bufferAfter: bufferAfter,
            practitioners: practitioners, rooms: needsRoom ? rooms : nil)
    }
}

struct SettingsInput: Codable, Sendable {
    let slotGridMinutes: Int
    let leadTimeMinutes: Int
    let horizonDays: Int
    let holdLifetimeSeconds: Int
    let holdsPerClient: Int
    let concurrentBookings: Int
    let bookingsPerMinute: Int
    let cancellationCutOffMinutes: Int

    func rules(of tenant: TenantProfile) throws(SettingOutOfRange) -> ClinicRules {
        try ClinicRules(
            address: tenant.address, timeZone: tenant.timeZone, phone: .of(country: tenant.phoneCountry),
            slots: SlotRules(
                slotGridMinutes: slotGridMinutes, leadTimeMinutes: leadTimeMinutes, horizonDays: horizonDays),
            holdLifetimeSeconds: holdLifetimeSeconds, holdsPerClient: holdsPerClient,
            concurrentBookings: concurrentBookings, bookingsPerMinute: bookingsPerMinute,
            cancellationCutOffMinutes: cancellationCutOffMinutes)
    }
}
