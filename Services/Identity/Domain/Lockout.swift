/// How long an account rests after wrong passwords, so that guessing gets nowhere.
package enum Lockout {
    /// So many attempts in a row are free: people mistype.
    package static let freeAttempts = 5

    private static let first: Duration = .seconds(60)
    private static let longest: Duration = .seconds(3600)

    /// How long no attempt counts after `attempts` without success: one minute after the free ones, doubled by each
    /// further one, an hour at most.
    package static func rest(after attempts: Int) -> Duration {
        guard attempts >= freeAttempts else { return .zero }
        return min(longest, first * (1 << min(attempts - freeAttempts, 6)))
    }
}
