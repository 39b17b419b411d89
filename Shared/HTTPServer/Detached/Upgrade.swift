import EventLoop

/// An answer 101 (RFC 9110 section 15.2.2): after it the connection belongs to another protocol.
package struct Upgrade: Sendable {
    /// The token of `Upgrade` in the answer, for example `websocket`.
    package let protocolName: String
    /// Further header fields of the answer.
    package let headers: HeaderFields
    /// Takes over the connection once the answer was sent. It is not called when the client leaves before that.
    package let start: @EventLoop @Sendable (DetachedSocket) -> Void

    /// An upgrade to a protocol.
    package init(
        to protocolName: String, headers: HeaderFields = [:],
        start: @escaping @EventLoop @Sendable (DetachedSocket) -> Void
    ) {
        (self.protocolName, self.headers, self.start) = (protocolName, headers, start)
    }
}

extension Answer {
    /// The answer that changes the protocol.
    init(_ upgrade: Upgrade) {
        self.init(status: .switchingProtocols, headers: upgrade.headers)
        headers.add("upgrade", upgrade.protocolName)
        self.upgrade = upgrade
    }
}
