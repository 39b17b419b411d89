import FoundationEssentials
package import Primitives

/// What others call a place: a value, and the system that it belongs to, such as a register of a ministry.
package struct OfficeIdentifier: Hashable, Sendable {
    /// The value within its system.
    package typealias Value = OneLine<80>

    package let system: IdentifierSystem
    package let value: Value

    package init(system: IdentifierSystem, value: Value) { (self.system, self.value) = (system, value) }
}

/// The address of a system of identifiers: an absolute URI of at most 200 ASCII characters.
package struct IdentifierSystem: Hashable, Sendable {
    /// The greatest number of characters.
    package static let maximumLength = 200

    package let text: String

    /// Returns nil if `text` is not such an address.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            let parts = URLComponents(string: text), let scheme = parts.scheme, text.utf8.count > scheme.utf8.count + 1
        else { return nil }
        self.text = text
    }
}
