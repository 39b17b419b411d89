import BookingDomain
import GuichetProtocol
import Scheduling

// What answers keep beyond their Swift types, for the documentation.

/// The status of an appointment by its name.
enum StatusName: String, Codable, CaseIterable, Sendable {
    /// The slot is kept for a while.
    case held
    /// The appointment stands.
    case confirmed
    /// It was cancelled, and the slot is free again.
    case cancelled
    /// The patient came and was treated.
    case completed
    /// The patient did not come.
    case noShow = "no_show"
    /// The hold lapsed, and the slot is free again.
    case expired
}

extension WireRule {
    /// A number of things.
    static let count = WireRule.bounds(minimum: 0, maximum: nil)
    /// A number that counts from 1.
    static let ordinal = WireRule.bounds(minimum: 1, maximum: nil)
    /// The length of an appointment in minutes.
    static let duration = WireRule.bounds(
        minimum: DurationMinutes.bounds.lowerBound, maximum: DurationMinutes.bounds.upperBound)
    /// One of the types of care.
    static let careType = WireRule.oneOf(CareType.allCases.map(\.rawValue))
    /// One of the names of a status.
    static let status = WireRule.oneOf(StatusName.allCases.map(\.rawValue))

    /// A number that a clinic may choose.
    static func setting(_ setting: Setting) -> WireRule {
        .bounds(minimum: setting.bounds.lowerBound, maximum: setting.bounds.upperBound)
    }
}

extension SlotView: WireRules {
    static let rules: [String: WireRule] = ["careType": .careType, "durationMinutes": .duration]
}

extension AppointmentView: WireRules {
    static let rules: [String: WireRule] = ["careType": .careType, "status": .status, "version": .ordinal]
}

extension AppointmentHistory.Entry: WireRules {
    static let rules: [String: WireRule] = [
        "version": .ordinal, "event": .oneOf(AppointmentEvent.allCases.map(\.rawValue)),
        "actor": .oneOf(["patient", "staff", "service_account", "system"]), "status": .status,
    ]
}

extension ResourceView: WireRules { static let rules: [String: WireRule] = ["version": .ordinal] }
extension ExceptionView: WireRules { static let rules: [String: WireRule] = ["version": .ordinal] }
extension HolidayView: WireRules { static let rules: [String: WireRule] = ["version": .ordinal] }
extension PatientView: WireRules { static let rules: [String: WireRule] = ["version": .ordinal] }
extension RegisteredPatient: WireRules { static let rules: [String: WireRule] = ["version": .ordinal] }

extension CareTypeView: WireRules {
    static let rules: [String: WireRule] = [
        "bufferBefore": .setting(.bufferBeforeMinutes), "bufferAfter": .setting(.bufferAfterMinutes),
        "version": .ordinal,
    ]
}

extension SettingsView: WireRules {
    /// The bounds of the numbers that a clinic sets.
    static let numbers: [String: WireRule] = Dictionary(
        uniqueKeysWithValues: [
            Setting.slotGridMinutes, .leadTimeMinutes, .horizonDays, .holdLifetimeSeconds, .holdsPerClient,
            .bookingsPerClient, .concurrentBookings, .bookingsPerMinute, .cancellationCutOffMinutes,
        ].map { ($0.name, WireRule.setting($0)) })

    static let rules = numbers.merging(["version": .ordinal]) { $1 }
}

extension ConsentView: WireRules { static let rules: [String: WireRule] = ["version": .consentVersion] }

extension WireRule {
    /// A version of a question's text.
    static let consentVersion = WireRule.bounds(minimum: 1, maximum: 1_000_000)
}

extension AccessView: WireRules {
    static let rules: [String: WireRule] = [
        "number": .ordinal, "role": .oneOf(Role.allCases.map(\.rawValue) + ["retention", "erasure"]),
    ]
}

extension StatisticsView: WireRules { static let rules: [String: WireRule] = ["medianLeadMinutes": .count] }

extension StatisticsView.Practitioner: WireRules {
    static let rules: [String: WireRule] = [
        "appointments": .count, "bookedMinutes": .count, "openMinutes": .count,
    ]
}

extension StrictAnswer: WireRules {
    static let rules: [String: WireRule] = [
        "available_slots": .maximumCount(50), "missing": .maximumCount(StrictField.allCases.count),
    ]
}

extension StrictSlotView: WireRules {
    static let rules: [String: WireRule] = ["care_type": .careType, "duration_minutes": .duration]
}

extension StrictAppointmentView: WireRules {
    static let rules: [String: WireRule] = [
        "care_type": .careType, "duration_minutes": .duration, "status": .status, "version": .ordinal,
    ]
}
