import AvailabilityDomain
import GuichetProtocol
import Scheduling

// What answers keep beyond their Swift types, for the documentation.

extension WireRule {
    /// A number of things, or of milliseconds.
    static let count = WireRule.bounds(minimum: 0, maximum: nil)
    /// A number that counts from 1.
    static let ordinal = WireRule.bounds(minimum: 1, maximum: nil)
}

extension SlotView: WireRules {
    static let rules: [String: WireRule] = ["careType": .oneOf(CareType.allCases.map(\.rawValue))]
}

extension SearchView: WireRules { static let rules: [String: WireRule] = ["slots": .maximumCount(500)] }
extension OfficeSettings: WireRules { static let rules: [String: WireRule] = ["version": .ordinal] }
extension CareAlertView: WireRules { static let rules: [String: WireRule] = ["raised": .count] }

extension DayState: WireRules {
    static let rules: [String: WireRule] = [
        "version": .count, "cachedVersion": .count, "attempts": .count,
        "doubt": .oneOf(Doubt.allCases.map(\.rawValue)),
    ]
}

extension PublicationView: WireRules {
    static let rules: [String: WireRule] = [
        "number": .ordinal, "aggregateVersion": .count, "viewVersion": .count, "latencyMilliseconds": .count,
    ]
}

extension LatencyView: WireRules {
    static let rules: [String: WireRule] = [
        "publications": .count, "pending": .count, "p50": .count, "p99": .count, "max": .count,
    ]
}

extension StatusView: WireRules {
    static let rules: [String: WireRule] = [
        "days": .count, "quarantined": .count, "uncached": .count,
        "latencyLimitMilliseconds": .bounds(
            minimum: LatencyLimit.bounds.lowerBound, maximum: LatencyLimit.bounds.upperBound),
    ]
}
