import FoundationEssentials

/// The address for appointments: an `https` address of at most 300 characters with a host, and without a user or a
/// fragment, because patients are sent there with their slot appended.
package struct BookingAddress: Hashable, Sendable {
    /// The greatest number of characters.
    package static let maximumLength = 300

    package let text: String

    /// Returns nil if `text` is not such an address.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty, parts.scheme == "https",
            parts.user == nil, parts.fragment == nil
        else { return nil }
        self.text = text
    }
}
