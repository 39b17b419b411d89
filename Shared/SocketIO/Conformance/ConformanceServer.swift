package import EventLoop
package import HTTPServer
package import Runtime

/// What the public test suites of Engine.IO and Socket.IO ask of a server under test: an echo of Engine.IO at `/engine.io/`,
/// and Socket.IO at `/socket.io/` with the namespaces `/` and `/custom`, with short times.
@EventLoop
package final class ConformanceServer {
    private let engine: EngineServer
    private let server: SocketServer

    /// The routes of both.
    package var routes: [Route] { engine.routes("EngineIO", at: "/engine.io/") + server.routes }

    /// Closes all sessions, evenly spread over `time`.
    package func drain(over time: Duration) async {
        await engine.drain(over: time)
        await server.drain(over: time)
    }

    /// - Parameters:
    ///   - recovery: the suites demand that there is none.
    ///   - pingTimeout: what the suites demand is too short for many clients of one test.
    package init(
        recovery: Recovery? = nil, pingTimeout: Duration = .milliseconds(200), metrics: MetricsRegistry
    ) {
        var limits = EngineOptions(instance: "1")
        limits.pingInterval = .milliseconds(300)
        limits.pingTimeout = pingTimeout
        limits.maxPayload = 1_000_000
        engine = EngineServer("echo", limits, metrics: metrics) { EngineEcho($0) }
        var options = SocketServerOptions(engine: limits)
        // The suite exchanges three pings, which take nearly a second, before it expects anything of a namespace.
        options.connectTimeout = .seconds(2)
        server = SocketServer("conformance", options, metrics: metrics)
        let main = server.namespace("/", recovery: recovery)
        main.onConnect = { socket, auth in socket.emit("auth", [auth]) }
        main.on("message") { socket, arguments, _ in
            socket.emit("message-back", arguments.all, attachments: arguments.attachments)
        }
        main.on("message-with-ack") { _, arguments, acknowledgement in
            acknowledgement?.send(arguments.all, attachments: arguments.attachments)
        }
        server.namespace("/custom", recovery: recovery).onConnect = { socket, auth in socket.emit("auth", [auth]) }
    }
}

/// Sends every message back.
@EventLoop
private final class EngineEcho: EngineSessionHandler {
    private let session: EngineSession

    init(_ session: EngineSession) { self.session = session }

    func received(text: ArraySlice<UInt8>) { session.send([EnginePacket(text: [UInt8(ascii: "4")] + text)]) }
    func received(binary: [UInt8]) { session.send([EnginePacket(binary: binary)]) }
    func closed(_ reason: EngineCloseReason) {}
}
