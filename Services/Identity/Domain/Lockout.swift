/// How long attempts to prove an account are refused after failed ones, against the guessing of passwords.
///
/// Attempts are counted twice: for their source, a network or a device, and for the account as a whole. The first limit
/// locks out a source that guesses without locking out the user; the second bounds what many sources guess together.
///
/// Not ``Backoff``: a lockout has no jitter, because the answer says when it ends.
package enum Lockout {
    /// Attempts in a row from one source that cause no lockout, as people mistype.
    package static let freeAttempts = 5
    /// The same from all sources together. Beyond it only sources that the user has logged in from may try.
    package static let freeAttemptsOfAll = 100

    private static let first: Duration = .seconds(60)
    private static let longest: Duration = .seconds(3600)

    /// How long further attempts are refused after `attempts` without success: one minute once the free ones are used up,
    /// doubled by each further attempt, one hour at most.
    package static func duration(after attempts: Int, free: Int = freeAttempts) -> Duration {
        guard attempts >= free else { return .zero }
        return min(longest, first * (1 << min(attempts - free, 6)))
    }
}
