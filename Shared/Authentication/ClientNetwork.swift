/// The network of a client's address for audit records: precise enough to recognise an attack, not to identify a
/// person.
package struct ClientNetwork: Hashable, Sendable, CustomStringConvertible {
    /// `192.0.2.0/24`, `2001:db8:1::/48`, or `unknown`.
    package let description: String
    /// The network of one subscriber, `192.0.2.7` or `2001:db8:1:2::`, for limits. It may identify a person: store only
    /// keyed digests of it.
    package let subscriber: String

    /// The origin of an operator's command.
    package static let console = ClientNetwork(description: "console")

    private init(description: String) { (self.description, subscriber) = (description, description) }

    /// Shortens an IPv4 address to 24 bits and an IPv6 address to 48.
    package init(of address: ClientAddress) {
        let kept = address.bytes.count == 4 ? 3 : 6
        description = address == .unknown ? "unknown" : "\(address.keeping(kept))/\(kept * 8)"
        subscriber = address == .unknown ? "unknown" : address.subscriber.description
    }

    /// The network of an address in its text form; `unknown` for other texts.
    package init(of address: String) { self.init(of: ClientAddress(address) ?? .unknown) }
}
