/// What a server of event streams grants a client. There is no way to be without a limit.
package struct EventStreamLimits: Sendable {
    /// Streams that are open at once.
    package var connections = ConnectionLimits.standard
    /// Bytes that wait for the client. A client over it reads too slowly and is cut.
    package var queuedBytes = 256 * 1024
    /// Events that wait for the client.
    package var queuedEvents = 1024
    /// The longest silence: a comment is sent then, so that proxies keep the connection and a lost client is noticed.
    package var heartbeat: Duration = .seconds(10)
    /// How long what was sent may stay without acknowledgement by the network.
    package var acknowledgementTime: Duration = .seconds(20)
    /// How long a client waits before it connects again.
    package var retry: Duration = .seconds(2)
    /// From the last event to the end of the connection.
    package var closeTime: Duration = .seconds(2)
    /// Whether a stream ends when the token that opened it expires.
    package var endsWithToken = true

    /// Values for a service behind the gateway, which waits 15 seconds for a server that sends nothing.
    package static let standard = EventStreamLimits()

    private init() {}
}
