import BookingDomain
import Testing

@Suite("Rules of a clinic")
struct ClinicRulesTests {
    @Test("durations run from 15 to 180 minutes", arguments: [(14, false), (15, true), (180, true), (181, false)])
    func durations(minutes: Int, isValid: Bool) { #expect((DurationMinutes(minutes) != nil) == isValid) }

    @Test("each setting accepts its bounds and refuses what is next to them", arguments: ClinicSetting.allCases)
    func bounds(setting: ClinicSetting) {
        let (low, high) = (setting.bounds.lowerBound, setting.bounds.upperBound)
        for value in [low, high] { #expect(throws: Never.self) { try Self.set(setting, to: value) } }
        for value in [low - 1, high + 1] where value >= 0 || !Self.isLength(setting) {
            #expect(throws: BookingError.settingOutOfRange(setting)) { try Self.set(setting, to: value) }
        }
    }

    @Test(
        "a request names the clinic character for character",
        arguments: [
            ("Cité 109, Daboussy El Achour, Alger", "Africa/Algiers", true),
            ("Cite\u{301} 109, Daboussy El Achour, Alger", "Africa/Algiers", false),
            ("Cité 109, Daboussy El Achour, Alger ", "Africa/Algiers", false),
            ("Cité 109, Daboussy El Achour, Alger", "africa/algiers", false),
        ])
    func literals(address: String, timeZone: String, isSame: Bool) throws {
        let rules = try Fixture.rules()
        let result = Result { () throws(BookingError) in
            try rules.checkClinic(address: address, timeZone: timeZone)
        }
        #expect(result.slug == (isSame ? nil : "clinic-mismatch"))
    }

    @Test("limits are reached, not passed")
    func limits() throws {
        let rules = try Fixture.rules(holdsPerClient: 2, concurrentBookings: 4, bookingsPerMinute: 9)
        #expect(throws: Never.self) { try rules.checkHold(held: 1) }
        #expect(throws: BookingError.tooManyHolds(limit: 2)) { try rules.checkHold(held: 2) }
        #expect(throws: Never.self) { try rules.checkBooking(running: 3, startedThisMinute: 8) }
        #expect(throws: BookingError.tooManyBookings(limit: 4)) {
            try rules.checkBooking(running: 4, startedThisMinute: 8)
        }
        #expect(throws: BookingError.bookingsTooFast(limit: 9)) {
            try rules.checkBooking(running: 3, startedThisMinute: 9)
        }
    }

    @Test("care types are the eight words of the request")
    func careTypes() {
        #expect(
            CareType.allCases.map(\.rawValue) == [
                "consultation", "urgence", "detartrage", "soin", "extraction", "prothese", "orthodontie", "chirurgie",
            ])
    }

    private static func isLength(_ setting: ClinicSetting) -> Bool {
        setting == .addressLength || setting == .timeZoneLength
    }

    private static func set(_ setting: ClinicSetting, to value: Int) throws {
        let text = isLength(setting) ? String(repeating: "é", count: value) : ""
        switch setting {
        case .addressLength: _ = try Fixture.rules(address: text)
        case .timeZoneLength: _ = try Fixture.rules(timeZone: text)
        case .bufferBeforeMinutes:
            _ = try CareTypeSettings(duration: valid(DurationMinutes(30)), bufferBefore: value, practitioners: [])
        case .bufferAfterMinutes:
            _ = try CareTypeSettings(duration: valid(DurationMinutes(30)), bufferAfter: value, practitioners: [])
        case .slotGridMinutes: _ = try Fixture.rules(slotGridMinutes: value)
        case .leadTimeMinutes: _ = try Fixture.rules(leadTimeMinutes: value)
        case .horizonDays: _ = try Fixture.rules(horizonDays: value)
        case .holdLifetimeSeconds: _ = try Fixture.rules(holdLifetimeSeconds: value)
        case .holdsPerClient: _ = try Fixture.rules(holdsPerClient: value)
        case .concurrentBookings: _ = try Fixture.rules(concurrentBookings: value)
        case .bookingsPerMinute: _ = try Fixture.rules(bookingsPerMinute: value)
        case .cancellationCutOffMinutes: _ = try Fixture.rules(cancellationCutOffMinutes: value)
        }
    }
}
