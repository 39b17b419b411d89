import Scheduling
import SchedulingTesting
import Testing

@Suite("Settings of a clinic")
struct SettingTests {
    @Test("durations run from 15 to 180 minutes", arguments: [(14, false), (15, true), (180, true), (181, false)])
    func durations(minutes: Int, isValid: Bool) { #expect((DurationMinutes(minutes) != nil) == isValid) }

    @Test("each number accepts its bounds and refuses what is next to them", arguments: Array(settings.keys))
    func bounds(setting: Setting) throws {
        let set = try #require(Self.settings[setting])
        let (low, high) = (setting.bounds.lowerBound, setting.bounds.upperBound)
        for value in [low, high] { #expect(throws: Never.self) { try set(value) } }
        for value in [low - 1, high + 1] {
            #expect(throws: SettingOutOfRange(setting: setting)) { try set(value) }
        }
    }

    @Test("care types are the eight words of the request")
    func careTypes() {
        #expect(
            CareType.allCases.map(\.rawValue) == [
                "consultation", "urgence", "detartrage", "soin", "extraction", "prothese", "orthodontie", "chirurgie",
            ])
    }

    /// Applies a value to each setting.
    private static let settings: [Setting: @Sendable (Int) throws -> Void] = [
        .slotGridMinutes: { _ = try Fixture.slotRules(slotGridMinutes: $0) },
        .leadTimeMinutes: { _ = try Fixture.slotRules(leadTimeMinutes: $0) },
        .horizonDays: { _ = try Fixture.slotRules(horizonDays: $0) },
        .bufferBeforeMinutes: {
            _ = try CareTypeSettings(duration: valid(DurationMinutes(30)), bufferBefore: $0, practitioners: [])
        },
        .bufferAfterMinutes: {
            _ = try CareTypeSettings(duration: valid(DurationMinutes(30)), bufferAfter: $0, practitioners: [])
        },
    ]
}
