package import Primitives

/// What others call a place: a value, and the system that it belongs to, such as a register of a ministry.
package struct OfficeIdentifier: Hashable, Sendable {
    /// The value within its system.
    package typealias Value = OneLine<80>

    package let system: IdentifierSystem
    package let value: Value

    package init(system: IdentifierSystem, value: Value) { (self.system, self.value) = (system, value) }
}

/// The address of a system of identifiers: an absolute URI of at most 200 characters, `https`, `http` or `urn`.
package struct IdentifierSystem: Hashable, Sendable {
    /// The greatest number of characters.
    package static let maximumLength = 200

    package let text: String

    /// Returns nil if `text` is not such an address.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength, URICharacters.fill(text),
            text.wholeMatch(of: /(https?:\/\/|urn:)[^\/].*/) != nil
        else { return nil }
        self.text = text
    }
}
