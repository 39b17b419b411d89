package import EventLoop

/// Limits the attempts of each client address per minute, in this process, so that a single client cannot occupy the
/// machine.
@EventLoop
package final class ClientThrottle {
    private static let window: Duration = .seconds(60)
    /// More addresses than this are a distributed attack, which no table of addresses stops: the table is cleared.
    private static let addressLimit = 50_000

    private let limit: Int
    private var counts: [String: Int] = [:]
    private var windowEnd = ContinuousClock.now + window

    /// - Parameter limit: attempts that one address has in a minute.
    package init(attemptsPerMinute limit: Int) { self.limit = limit }

    /// Throws the 429 problem to a client that has used up its minute.
    package func admit(_ address: String) throws(Problem) {
        let now = ContinuousClock.now
        if now >= windowEnd || counts.count >= Self.addressLimit {
            counts = [:]
            windowEnd = now + Self.window
        }
        let count = counts[address, default: 0] + 1
        counts[address] = count
        guard count <= limit else {
            throw Problem(
                .tooManyRequests, "Trop de tentatives depuis votre adresse : patientez une minute.",
                retryAfter: windowEnd - now)
        }
    }
}
