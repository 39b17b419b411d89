/// Why a day is not shown: what is known of it may be wrong, and a wrong slot must never be offered.
package enum Doubt: String, CaseIterable, Sendable {
    /// Nothing was known of the tenant before: appointments may stand that nobody has told of.
    case unknown
    /// An event of an appointment is missing, so others may be.
    case gap
    /// Somebody asked for it to be looked at again.
    case requested

    /// How long to wait before the report is asked for again, after it was asked for `attempts` times.
    package static func patience(after attempts: Int) -> Duration {
        let tiers: [Duration] = [.seconds(2), .seconds(5), .seconds(30), .seconds(300)]
        return tiers[max(0, min(attempts - 1, tiers.count - 1))]
    }

    /// After so many reports that never came somebody should look.
    package static let attemptsBeforeAlarm = 3
}
