package import Authentication
package import EventLoop
import HTTPServer

/// Takes what happens in a session.
@EventLoop
package protocol EngineSessionHandler: AnyObject {
    /// A message of text came.
    func received(text: ArraySlice<UInt8>)

    /// A message of bytes came.
    func received(binary: [UInt8])

    /// The session is over. Called once; nothing is received after it.
    func closed(_ reason: EngineCloseReason)
}

/// Why a session ended.
package enum EngineCloseReason: String, Sendable {
    /// The client ended it or its connection.
    case client
    /// A request of the client was cut before it was answered.
    case lost
    /// No pong came in time.
    case pingTimeout = "ping_timeout"
    /// The client broke the protocol.
    case protocolError = "protocol_error"
    /// The client does not take what waits for it.
    case slowReader = "slow_reader"
    /// The application ended it.
    case server
    /// The server drains: the client connects again elsewhere.
    case drained
    /// The client has connected again, and goes on there.
    case replaced
}

/// Where a client comes from.
package struct ClientOrigin: Sendable {
    /// Its address, as the gateway saw it.
    package let address: ClientAddress
    /// The origin of the page; nil for clients other than browsers.
    package let page: String?
    /// The host that the client has connected to; nil if it states none.
    package let host: String?

    init(_ call: Call) {
        (address, page, host) = (call.clientAddress, call.header("origin"), call.header("host"))
    }
}
