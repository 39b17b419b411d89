/// What the value of a property must satisfy beyond its Swift type. Publishers keep the rules; the documents list them.
package enum WireRule: Hashable, Sendable {
    /// Always this text.
    case constant(String)
    /// One of these texts. Readers ignore texts that are not in the list: later versions may add some.
    case oneOf([String])
    /// A number within inclusive bounds; without an upper bound when `maximum` is nil.
    case bounds(minimum: Int, maximum: Int?)
    /// Text of so many characters.
    case length(minimum: Int, maximum: Int)
    /// A list of at most so many elements.
    case maximumCount(Int)
    /// Text that matches an ECMA-262 expression.
    case pattern(String)
    /// Text that is a document of this media type.
    case mediaType(String)
    /// Text that is the id of an event.
    case id
}

/// A type on the wire with rules for some of its properties.
package protocol WireRules {
    /// The rules by the name of the property.
    static var rules: [String: WireRule] { get }
}
