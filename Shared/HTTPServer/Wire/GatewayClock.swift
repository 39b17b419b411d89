import Primitives

/// How long ago the gateway took a request in.
///
/// The gateway writes its time into each request and each health check. Its clock may be wrong, so only differences count:
/// a request is as old as it took longer than the quickest of the last half minute or more. That tells a request that has
/// waited in the socket of a frozen process, or in a network that was cut, from one that has just come.
struct GatewayClock {
    private static let span: Duration = .seconds(30)
    private static let origin = ContinuousClock.now

    /// The least difference seen between the time of this process and a stamp: since ``since``, and in the span before.
    private var present: Duration?
    private var earlier: Duration?
    private var since = ContinuousClock.now

    /// The age of a request with this `X-Request-Start`, which is `t=` and milliseconds since 1970. Zero if it has none.
    mutating func age(_ stamp: String?, at now: ContinuousClock.Instant = .now) -> Duration {
        guard let stamp, stamp.hasPrefix("t="), let milliseconds = Int64(stamp.dropFirst(2)) else { return .zero }
        let difference = now - Self.origin - .milliseconds(milliseconds)
        if now - since > Self.span { (earlier, present, since) = (present, nil, now) }
        present = min(present ?? difference, difference)
        return difference - min(present ?? difference, earlier ?? difference)
    }
}
