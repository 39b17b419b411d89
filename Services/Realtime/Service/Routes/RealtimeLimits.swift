import Authentication
import EventLoop
package import HTTPServer

extension RealtimeService {
    /// As many connections as the gateway opens to a process, and some for probes: each client that polls waits on one.
    package var limits: HTTPLimits {
        var limits = HTTPLimits.standard
        (limits.connections, limits.detachedConnections) = (8200, configuration.clients)
        return limits
    }

    /// Whether a client address may cause one more lookup in this minute.
    static func lookups(_ configuration: RealtimeConfiguration) -> @EventLoop (ClientAddress) -> Bool {
        let throttle = ClientThrottle(attemptsPerMinute: configuration.lookupsPerMinute)
        return { address in
            do throws(Problem) { try throttle.admit(address) } catch { return false }
            return true
        }
    }
}
