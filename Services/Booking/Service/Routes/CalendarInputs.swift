import BookingDomain
import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import Scheduling

// The inputs of the routes of the calendar.

struct ResourceInput: Codable, Sendable {
    let name: Label
    let hours: WeeklyHours

    var wish: ChangeResource.Wish { ChangeResource.Wish(name: name, hours: hours) }
}

struct ExceptionInput: Codable, Sendable {
    /// None means closed.
    let hours: DayHours
    let reason: Reason?
}

struct HolidayInput: Codable, Sendable {
    let name: Label
}

/// A year from this day on; from today by default.
struct DaysQuery: Codable, Sendable {
    let from: LocalDay?
}

struct CareTypeInput: Codable, Sendable {
    /// What the clinic calls it; the usual name if absent.
    let label: Label?
    let durationMinutes: DurationMinutes
    let bufferBefore: Int
    let bufferAfter: Int
    let needsRoom: Bool
    let practitioners: [Identifier<Resource>]
    let rooms: [Identifier<Resource>]

    func wish() throws(SettingOutOfRange) -> SetCareType.Wish {
        let settings = try CareTypeSettings(
            duration: durationMinutes, bufferBefore: bufferBefore, bufferAfter: bufferAfter,
            practitioners: practitioners, rooms: needsRoom ? rooms : nil)
        return SetCareType.Wish(label: label, settings: settings, rooms: rooms)
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

extension CareType: PathParameter {
    init?(pathText text: String) { self.init(rawValue: text) }
    static var schema: JSONSchema { .enumeration(allCases.map(\.rawValue)) }
}
