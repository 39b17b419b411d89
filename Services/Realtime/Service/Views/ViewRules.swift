import GuichetProtocol

// What payloads keep beyond their Swift types, for the documentation.

extension WireRule {
    /// A number of things.
    static let count = WireRule.bounds(minimum: 0, maximum: nil)
    /// A number that counts from 1.
    static let ordinal = WireRule.bounds(minimum: 1, maximum: nil)
    /// Where a ticket is in its life.
    static let ticketStatus = WireRule.oneOf([
        "waiting", "called", "serving", "held", "missed", "left", "finished", "transferred", "ended",
    ])
}

extension WaitView: WireRules { static let rules: [String: WireRule] = ["from": .count, "to": .count] }

extension PatientView: WireRules {
    static let rules: [String: WireRule] = ["version": .count, "position": .ordinal, "status": .ticketStatus]
}

extension PatientCall: WireRules { static let rules: [String: WireRule] = ["version": .count, "recalls": .count] }
extension NearTurn: WireRules { static let rules: [String: WireRule] = ["version": .count, "ahead": .count] }

extension StaffView: WireRules {
    static let rules: [String: WireRule] = [
        "version": .count, "entries": .maximumCount(2 * maximumEntries),
        "counters": .maximumCount(LineSnapshot.maximumCounters), "calls": .maximumCount(LineSnapshot.maximumCalls),
    ]
}

extension StaffEntry: WireRules {
    static let rules: [String: WireRule] = [
        "position": .ordinal, "status": .ticketStatus,
        "priority": .oneOf(["normal", "priority", "urgent", "appointment"]),
    ]
}

extension StaffStatistics: WireRules {
    static let rules: [String: WireRule] = ["waiting": .count, "called": .count, "serving": .count]
}

extension DisplayView: WireRules {
    static let rules: [String: WireRule] = [
        "version": .count, "waiting": .count, "calls": .maximumCount(LineSnapshot.maximumCalls),
        "showSeconds": .ordinal,
    ]
}

extension DisplayedCall: WireRules { static let rules: [String: WireRule] = ["calledAt": .count, "recalls": .count] }

extension DisplayCall: WireRules {
    static let rules: [String: WireRule] = [
        "version": .count, "recalls": .count, "showSeconds": .ordinal, "animation": .constant("pulse"),
    ]
}

extension QueueNotice: WireRules { static let rules: [String: WireRule] = ["version": .count] }
extension AppointmentNotice: WireRules { static let rules: [String: WireRule] = ["version": .ordinal] }
