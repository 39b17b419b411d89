/// Why a day is not shown: its view may be wrong, and a wrong slot must never be offered.
package enum Doubt: String, CaseIterable, Sendable {
    /// The tenant is new: there may be appointments that no event has reported.
    case unknown
    /// An event of an appointment is missing, so others may be.
    case gap
    /// An administrator asked for a recalculation.
    case requested

    /// How long to wait before the report is asked for again, after it was asked for `attempts` times.
    package static func patience(after attempts: Int) -> Duration {
        let tiers: [Duration] = [.seconds(2), .seconds(5), .seconds(30), .seconds(300)]
        return tiers[max(0, min(attempts - 1, tiers.count - 1))]
    }

    /// After so many unanswered requests an anomaly is recorded.
    package static let attemptsBeforeAlarm = 3
}
