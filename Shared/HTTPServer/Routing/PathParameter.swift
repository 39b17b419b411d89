package import JSONCoding
package import Primitives

/// A type that stands in a path.
package protocol PathParameter: Sendable {
    /// Nil when `text` is none; the answer is then 404, as nothing is there.
    init?(pathText text: String)
    /// For the documentation.
    static var schema: JSONSchema { get }
}

extension Identifier: PathParameter {
    package init?(pathText text: String) { self.init(text) }
}

extension TenantSlug: PathParameter {
    package init?(pathText text: String) { self.init(text) }
}

extension String: PathParameter {
    package init?(pathText text: String) { self = text }
    package static var schema: JSONSchema { .string(minLength: 1, maxLength: 255) }
}

extension LocalDay: PathParameter {
    package init?(pathText text: String) { self.init(text) }
}
