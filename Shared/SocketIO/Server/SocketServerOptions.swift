package import HTTPServer

/// What a server of Socket.IO grants a client, and how it finds sessions again.
package struct SocketServerOptions: Sendable {
    /// The path, with a slash at its end.
    package var path: PathTemplate = "/socket.io/"
    /// The limits of the sessions below.
    package var engine: EngineOptions
    /// From the opening of a session to its first namespace.
    package var connectTimeout: Duration = .seconds(10)
    /// Events that a client may send in a row, and on average per second.
    package var eventBurst = 200
    /// Events that a client may send per second.
    package var eventRate = 50
    /// Events of a client that wait while it is being connected.
    package var waitingEvents = 32

    /// The limits for clients that send little and receive more.
    package init(engine: EngineOptions) { self.engine = engine }
}
