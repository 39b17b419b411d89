import FoundationEssentials

/// Where appointments are made: an `https` address of at most 300 characters that names a host, and neither a user nor a
/// place within a page, as patients are sent there with their slot appended.
package struct BookingAddress: Hashable, Sendable {
    /// The most characters.
    package static let maximumLength = 300

    package let text: String

    /// Nil when `text` is no such address.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty, parts.scheme == "https",
            parts.user == nil, parts.fragment == nil
        else { return nil }
        self.text = text
    }
}
