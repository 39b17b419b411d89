package import EventLoop
package import Primitives
package import Runtime

/// Makes a digest under a key of the service out of the SHA-256 of a request; that of one tenant says nothing about another.
package typealias RequestFingerprint = @Sendable (_ digest: [UInt8], TenantSlug?) -> [UInt8]

/// An HTTP/1.1 server on the event loop (`docs/adr/0001-one-event-loop.md`).
@EventLoop
package final class HTTPServer {
    /// Where it listens.
    package struct Address: Sendable {
        /// An IPv4 or IPv6 address; `0.0.0.0` or `::` for all of this machine.
        package let host: String
        /// 0 lets the kernel choose.
        package let port: UInt16

        /// An address to listen on.
        package init(host: String, port: UInt16) {
            self.host = host
            self.port = port
        }
    }

    private let dispatcher: Dispatcher
    private let daemon: MicroHTTPDaemon

    /// The port it listens on.
    package var port: UInt16 { daemon.port }

    /// Starts to serve. Throws when the address cannot be listened on, with a sentence for the operator.
    ///
    /// - Parameters:
    ///   - cursors: what `Call.page` makes cursors with; a server without lists needs none.
    ///   - fingerprint: makes a keyed digest of a request with an `Idempotency-Key`.
    ///   - clock: the clock of the deadlines of requests, which is that of the home database server.
    ///   - hasStanding: whether the rights of a token still exist; without it they exist until the token expires.
    ///   - permitsOrigin: which pages may read what is not for anyone; without it none.
    package init(
        on address: Address, routes: [Route], limits: HTTPLimits, metrics: MetricsRegistry,
        authenticate: @escaping Authenticator, hasStanding: @escaping StandingCheck = { _ in true },
        problem: @escaping ProblemMapper, fingerprint: @escaping RequestFingerprint,
        refused: @escaping RefusalListener = { _ in }, cursors: CursorCodec? = nil,
        permitsOrigin: @escaping OriginPolicy = { _, _ in false },
        clock: @escaping @Sendable () -> Instant = { .now }
    ) throws {
        let requestLog = RequestLog(logger: Logger("http"), metrics: metrics)
        dispatcher = Dispatcher(
            routes: routes, authenticate: authenticate, hasStanding: hasStanding, problem: problem, refused: refused,
            requestLog: requestLog, cursors: cursors, fingerprint: fingerprint, origins: CrossOriginRule(permitsOrigin),
            clock: clock)
        let socket = try ListeningSocket(address: address.host, port: address.port)
        daemon = try MicroHTTPDaemon(listeningOn: socket, limits: limits, dispatcher: dispatcher)
        let connections = metrics.gauge("http.server.open_connections", "Connections that are open.")
        connections.observe { [weak daemon] in Double(daemon?.connectionCount ?? 0) }
    }

    /// Accepts no new connection, answers the requests at work with `Connection: close`, and returns when all are answered
    /// or `deadline` has passed; what is unanswered then is refused with 503. Serves nothing after that.
    package func drain(within deadline: Duration) async {
        guard !dispatcher.isDraining else { return }
        dispatcher.isDraining = true
        await daemon.drain(within: deadline)
    }
}
