/// Why a socket was disconnected.
package enum DisconnectReason: Equatable, Sendable {
    /// The client left the namespace.
    case client
    /// The application disconnected the socket.
    case server
    /// The connection below ended.
    case connection(EngineCloseReason)

    /// Whether the client may go on in a new connection.
    var isRecoverable: Bool { if case .connection = self { true } else { false } }
}
