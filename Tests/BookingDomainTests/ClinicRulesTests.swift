import BookingDomain
import Scheduling
import SchedulingTesting
import Testing

@Suite("Rules of a clinic")
struct ClinicRulesTests {
    @Test("each setting accepts its bounds and refuses what is next to them", arguments: Array(settings.keys))
    func bounds(setting: Setting) throws {
        let rules = try #require(Self.settings[setting])
        let (low, high) = (setting.bounds.lowerBound, setting.bounds.upperBound)
        for value in [low, high] { #expect(throws: Never.self) { try rules(value) } }
        for value in [low - 1, high + 1] {
            #expect(throws: SettingOutOfRange(setting: setting)) { try rules(value) }
        }
    }

    /// Rules with one setting of a value.
    private static let settings: [Setting: @Sendable (Int) throws -> ClinicRules] = [
        .holdLifetimeSeconds: { try Fixture.rules(holdLifetimeSeconds: $0) },
        .holdsPerClient: { try Fixture.rules(holdsPerClient: $0) },
        .bookingsPerClient: { try Fixture.rules(bookingsPerClient: $0) },
        .concurrentBookings: { try Fixture.rules(concurrentBookings: $0) },
        .bookingsPerMinute: { try Fixture.rules(bookingsPerMinute: $0) },
        .cancellationCutOffMinutes: { try Fixture.rules(cancellationCutOffMinutes: $0) },
    ]

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
        // Counted at three places, 4 and 9 are 2 and 3 each.
        #expect(throws: Never.self) { try rules.checkBooking(running: 1, startedThisMinute: 2, among: 3) }
        #expect(throws: BookingError.tooManyBookings(limit: 4)) {
            try rules.checkBooking(running: 2, startedThisMinute: 2, among: 3)
        }
        #expect(throws: BookingError.bookingsTooFast(limit: 9)) {
            try rules.checkBooking(running: 1, startedThisMinute: 3, among: 3)
        }
        #expect(throws: Never.self) { try rules.checkBooking(running: 3, startedThisMinute: 8) }
        #expect(throws: BookingError.tooManyBookings(limit: 4)) {
            try rules.checkBooking(running: 4, startedThisMinute: 8)
        }
        #expect(throws: BookingError.bookingsTooFast(limit: 9)) {
            try rules.checkBooking(running: 3, startedThisMinute: 9)
        }
    }
}
