/// How long an account is locked after failed attempts, against the guessing of passwords.
///
/// Not ``Backoff``: a lockout has no jitter, because the answer says when it ends.
package enum Lockout {
    /// Attempts in a row that cause no lockout, as people mistype.
    package static let freeAttempts = 5

    private static let first: Duration = .seconds(60)
    private static let longest: Duration = .seconds(3600)

    /// How long the account is locked after `attempts` without success: one minute once the free ones are used up,
    /// doubled by each further attempt, one hour at most.
    package static func duration(after attempts: Int) -> Duration {
        guard attempts >= freeAttempts else { return .zero }
        return min(longest, first * (1 << min(attempts - freeAttempts, 6)))
    }
}
