import Cryptography
package import EventLoop
package import HTTPServer
package import Runtime

/// A server of Socket.IO v5 over Engine.IO v4. It knows no namespace until ``namespace(_:recovery:)`` makes one.
@EventLoop
package final class SocketServer {
    let options: SocketServerOptions
    let metrics: SocketMetrics
    private(set) var namespaces: [String: Namespace] = [:]
    private let name: String
    private let registry: MetricsRegistry
    private lazy var engine = EngineServer(name, options.engine, metrics: registry) { session in
        // The routes keep the server.
        SocketClient(session, of: self)
    }

    /// - Parameter name: the server in metrics.
    package init(_ name: String, _ options: SocketServerOptions, metrics: MetricsRegistry) {
        (self.name, self.options, registry) = (name, options, metrics)
        self.metrics = SocketMetrics(name, metrics)
    }

    /// Makes a namespace.
    ///
    /// - Parameters:
    ///   - name: `/` for the main one, else a path such as `/displays`.
    ///   - recovery: nil if clients always begin again.
    package func namespace(_ name: String, recovery: Recovery? = nil) -> Namespace {
        precondition(name.hasPrefix("/") && !name.contains(","), "\(name) is no name of a namespace")
        precondition(namespaces[name] == nil, "the namespace \(name) is there already")
        let namespace = Namespace(name, recovery, metrics: metrics)
        namespaces[name] = namespace
        return namespace
    }

    /// `GET` and `POST` at the path, with the upgrade to WebSocket.
    package var routes: [Route] { engine.routes("SocketIO", at: options.path) }

    /// The sessions that are open.
    package var sessionCount: Int { engine.sessionCount }

    /// Closes all sessions, evenly spread over `time`, so that every client connects again elsewhere.
    package func drain(over time: Duration) async { await engine.drain(over: time) }
}
