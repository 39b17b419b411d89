package import HTTPServer

/// What an endpoint grants a client. There is no way to be without a limit.
package struct WebSocketLimits: Sendable {
    /// Connections of the endpoint that are open at once.
    package var connections = ConnectionLimits.standard
    /// The largest message received, in bytes, over all of its frames and after it was decompressed.
    package var messageSize = 64 * 1024
    /// Messages received that wait for the handler. With more the socket is not read until the handler has caught up.
    package var waitingMessages = 64
    /// Bytes to be sent that wait for the client. A client over it reads too slowly and is closed.
    package var queuedBytes = 1024 * 1024
    /// Messages to be sent that wait for the client.
    package var queuedMessages = 1024
    /// From one ping to the next.
    package var pingInterval: Duration = .seconds(25)
    /// From a ping to the next sign of life; without one the connection is lost.
    package var pongTime: Duration = .seconds(20)
    /// From the close frame to the end of the connection.
    package var closeTime: Duration = .seconds(2)
    /// Whether a connection is closed (1008) when the token that opened it expires.
    package var endsWithToken = true
    /// Whether permessage-deflate is granted to clients that offer it.
    package var compresses = true

    /// Values for clients that send little and receive more.
    package static let standard = WebSocketLimits()

    private init() {}
}
