import Authentication
import CMicroHTTPD
import EventLoop
import Glibc

/// One client's connection and the deadline of its current step.
///
/// libmicrohttpd's own timeout is reset by every byte, so a client that sends one byte a second would never time out. Our
/// deadlines are absolute; a periodic sweep enforces them.
@EventLoop
final class Connection {
    let descriptor: Int32
    let peerAddress: ClientAddress
    /// The request that is being received or answered.
    var exchange: Exchange?
    /// True once a ``DetachedSocket`` has the connection: what is left here is freed without a trace on the wire.
    var isDetached = false
    private var deadline: ContinuousClock.Instant

    init(_ handle: OpaquePointer, limits: HTTPLimits) {
        descriptor = guichet_connection_descriptor(handle)
        peerAddress = ClientAddress(numericAddress(guichet_client_address(handle))) ?? .unknown
        deadline = .now + limits.headTime
    }

    /// The next step must be done within `time`.
    func expect(within time: Duration) { deadline = .now + time }

    /// The next step must be done within `time`, unless an earlier deadline stands already.
    func expect(atMost time: Duration) { deadline = min(deadline, .now + time) }

    func enforceDeadline(at now: ContinuousClock.Instant) {
        guard !isDetached, deadline <= now else { return }
        if exchange?.giveUp() != true { cut() }
    }

    /// True if the client has closed the connection: it does not wait for an answer any more.
    var isAbandoned: Bool { guichet_peer_has_closed(descriptor) != 0 }

    /// Sends the last bytes of the connection. What libmicrohttpd sends after them fails, and it frees the connection.
    func end(with bytes: [UInt8]) {
        let sent = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        shutdown(descriptor, Int32(sent == bytes.count ? SHUT_WR : SHUT_RDWR))
    }

    /// Shuts the connection down; libmicrohttpd notices and frees it.
    func cut() { if !isDetached { shutdown(descriptor, Int32(SHUT_RDWR)) } }
}

private func numericAddress(_ address: UnsafePointer<sockaddr>?) -> String {
    guard let address else { return "" }
    let size = address.pointee.sa_family == AF_INET6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { text in
        guard
            getnameinfo(address, socklen_t(size), text.baseAddress, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0,
            let start = text.baseAddress
        else { return "" }
        return String(cString: start)
    }
}
