import Glibc

/// The network of a client's address for audit records: precise enough to recognise an attack, not to identify a
/// person.
package struct ClientNetwork: Hashable, Sendable, CustomStringConvertible {
    /// `192.0.2.0/24`, `2001:db8:1::/48`, or `unknown`.
    package let description: String
    /// The network of one subscriber, `192.0.2.7/32` or `2001:db8:1:2::/64`, for limits. It may identify a person: store only
    /// keyed digests of it.
    package let subscriber: String

    /// The origin of an operator's command.
    package static let console = ClientNetwork(description: "console")

    private init(description: String) { (self.description, subscriber) = (description, description) }

    /// Shortens an IPv4 address to 24 bits and an IPv6 address to 48.
    package init(of address: String) {
        description =
            Self.cut(address, AF_INET, byteCount: 4, keeping: 3)
            ?? Self.cut(address, AF_INET6, byteCount: 16, keeping: 6) ?? "unknown"
        subscriber =
            Self.cut(address, AF_INET, byteCount: 4, keeping: 4)
            ?? Self.cut(address, AF_INET6, byteCount: 16, keeping: 8) ?? "unknown"
    }

    private static func cut(_ address: String, _ family: Int32, byteCount: Int, keeping: Int) -> String? {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        guard inet_pton(family, address, &bytes) == 1 else { return nil }
        for index in keeping..<byteCount { bytes[index] = 0 }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
            inet_ntop(family, bytes, text.baseAddress, socklen_t(text.count)).map {
                "\(String(cString: $0))/\(keeping * 8)"
            }
        }
    }
}
