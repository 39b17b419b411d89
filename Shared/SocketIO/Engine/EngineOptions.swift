/// What a server of Engine.IO grants a client. There is no way to be without a limit.
package struct EngineOptions: Sendable {
    /// Whether pages of an origin may connect. Clients other than browsers send no origin and are always permitted.
    package typealias OriginRule = @Sendable (_ origin: String) -> Bool

    /// The part in front of each session id, by which the gateway finds the instance that has the session: letters and
    /// digits.
    package let instance: String
    /// From one sign of life of a client to the next ping.
    package var pingInterval: Duration = .seconds(5)
    /// From a ping to the pong; without one the session is lost.
    package var pingTimeout: Duration = .seconds(3)
    /// The largest body of a request and the largest message, in bytes.
    package var maxPayload = 64 * 1024
    /// From the opening of a WebSocket for a session that polls to the end of the upgrade.
    package var upgradeTime: Duration = .seconds(10)
    /// Sessions that are open at once.
    package var sessions = 10_000
    /// Sessions of one IPv4 address or IPv6 network of 64 bits. A waiting room may share one.
    package var sessionsPerSource = 500
    /// Bytes that wait for a client. A client over it reads too slowly, and its session is closed.
    package var queuedBytes = 1024 * 1024
    /// Packets that wait for a client.
    package var queuedPackets = 1024
    /// The pages that may connect. Any is safe where tokens do not come from the browser by themselves.
    package var permitsOrigin: OriginRule = { _ in true }

    /// The limits for clients that send little and receive more.
    package init(instance: String) {
        precondition(
            (1...16).contains(instance.utf8.count)
                && instance.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) },
            "the name of an instance is 1 to 16 letters and digits")
        self.instance = instance
    }
}
