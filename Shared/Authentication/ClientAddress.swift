import Glibc

/// The IP address of a client, parsed once: limits, audit records and logs take it from here.
package struct ClientAddress: Hashable, Sendable, CustomStringConvertible {
    /// 4 bytes for IPv4, 16 for IPv6, in network order.
    let bytes: [UInt8]

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// Returns nil if the text is no IP address. An IPv4-mapped IPv6 address is the IPv4 address.
    package init?(_ text: String) {
        // inet_pton stops at NUL.
        guard text.utf8.count <= 45, !text.utf8.contains(0) else { return nil }
        if let bytes = Self.parse(text, AF_INET, byteCount: 4) {
            self.bytes = bytes
        } else if let bytes = Self.parse(text, AF_INET6, byteCount: 16) {
            self.bytes = bytes.starts(with: Self.mappedPrefix) ? Array(bytes.suffix(4)) : bytes
        } else {
            return nil
        }
    }

    /// The unspecified address, where the address of a peer is not known.
    package static let unknown = ClientAddress(bytes: [0, 0, 0, 0])

    /// What one subscriber has: an IPv4 address, or an IPv6 network of 64 bits, whose last 64 bits are zero.
    package var subscriber: ClientAddress { bytes.count == 4 ? self : keeping(8) }

    /// The address in its canonical form (RFC 5952 for IPv6).
    package var description: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
            let family = bytes.count == 4 ? AF_INET : AF_INET6
            return inet_ntop(family, bytes, text.baseAddress, socklen_t(text.count)).map { String(cString: $0) } ?? ""
        }
    }

    /// The address with all but the first `count` bytes zero.
    func keeping(_ count: Int) -> ClientAddress {
        ClientAddress(bytes: bytes.prefix(count) + [UInt8](repeating: 0, count: bytes.count - count))
    }

    private static let mappedPrefix = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]

    private static func parse(_ text: String, _ family: Int32, byteCount: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
}
