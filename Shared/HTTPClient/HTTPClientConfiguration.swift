/// What a client grants itself and its peer. There is no way to be without a limit.
package struct HTTPClientConfiguration: Sendable {
    /// Names the peer in metrics and logs, `erp` for example. Never an address.
    package let peer: String
    /// The schemes of URLs that are accepted. Plain `http` is for networks that are private otherwise.
    package var schemes: Set<Scheme> = [.https]
    /// A file of certificate authorities in PEM that replaces the system's; nil for the system's.
    package var certificateAuthorities: String?
    /// From the start of an attempt to an established connection, name resolution and TLS included.
    package var connectTime: Duration = .seconds(5)
    /// The largest head of an answer, in bytes.
    package var headLimit = 32 * 1024
    /// The largest body of an answer, in bytes.
    package var bodyLimit = 1024 * 1024
    /// Open connections to one host.
    package var connectionsPerHost = 8
    /// Open connections in all.
    package var connections = 32
    /// Requests in flight, those that wait for a connection included; one more fails at once.
    package var requests = 256
    /// How long an idle connection is kept to be used again, in whole seconds.
    package var idleTime: Duration = .seconds(30)

    /// The schemes that the client can speak.
    package enum Scheme: String, Sendable {
        case http
        case https
    }

    /// The standard values for a peer.
    package init(peer: String) { self.peer = peer }
}
