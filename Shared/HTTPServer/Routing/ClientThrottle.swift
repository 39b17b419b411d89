package import Authentication
package import EventLoop

/// Limits the attempts of each client per minute, in this process, by IPv4 address or IPv6 network of 64 bits, so that a
/// single client cannot occupy the machine.
@EventLoop
package final class ClientThrottle {
    private static let window: Duration = .seconds(60)
    /// The clients that have a counter of their own. More of them in a minute share counters, so that an attack from many
    /// addresses neither grows the table nor resets the counter of another client.
    private static let clientLimit = 50_000
    private static let sharedCounters = 4096

    private let limit: Int
    private var counts: [ClientAddress: Int] = [:]
    private var sharedCounts: [Int: Int] = [:]
    private var windowEnd = ContinuousClock.now + window

    /// - Parameter limit: attempts that one client has in a minute.
    package init(attemptsPerMinute limit: Int) { self.limit = limit }

    /// Throws the 429 problem to a client that has used up its minute.
    package func admit(_ address: ClientAddress) throws(Problem) {
        let now = ContinuousClock.now
        if now >= windowEnd {
            (counts, sharedCounts) = ([:], [:])
            windowEnd = now + Self.window
        }
        guard count(address.subscriber) <= limit else {
            throw Problem(
                .tooManyRequests, "Trop de tentatives depuis votre adresse : patientez une minute.",
                retryAfter: windowEnd - now)
        }
    }

    /// Counts one attempt. Returns the attempts of the window so far.
    private func count(_ client: ClientAddress) -> Int {
        if counts[client] != nil || counts.count < Self.clientLimit {
            counts[client, default: 0] += 1
            return counts[client, default: 0]
        }
        // The hash has a random seed for each process, so clients cannot choose whose counter they share.
        let slot = abs(client.hashValue % Self.sharedCounters)
        sharedCounts[slot, default: 0] += 1
        return sharedCounts[slot, default: 0]
    }
}
