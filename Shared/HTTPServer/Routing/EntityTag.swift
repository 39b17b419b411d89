import Cryptography
package import Primitives

/// A strong entity tag (RFC 9110 section 8.8.3): the version of one resource.
package struct EntityTag: Hashable, Sendable, CustomStringConvertible {
    /// The version, as the resource counts it.
    package let version: EntityVersion

    /// The tag of a version.
    package init(version: EntityVersion) { self.version = version }

    /// The tag of content that counts no versions: a digest of it.
    package init(digestOf content: [UInt8]) {
        let digest = SHA256.hash(content).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        version = EntityVersion(generation: 1, number: Int(digest >> 1))
    }

    /// `"12"` in the first generation and `"<generation>-12"` in later ones, quotes included.
    package var description: String {
        version.generation == 1 ? "\"\(version.number)\"" : "\"\(version.generation)-\(version.number)\""
    }

    /// An ECMA-262 expression for tags, which are weak in compressed answers.
    static let pattern = "^(W/)?\"([0-9]+-)?[0-9]+\"$"

    /// An ECMA-262 expression for strong tags and another value.
    static func pattern(or other: String) -> String { "^(\"([0-9]+-)?[0-9]+\"|\(other))$" }

    /// Reads what ``description`` writes. Returns nil for any other text.
    init?(_ text: some StringProtocol) {
        let parts = text.dropFirst().dropLast().split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        switch numbers.count {
        case parts.count where numbers.count == 1:
            version = EntityVersion(generation: 1, number: numbers[0])
        case parts.count where numbers.count == 2:
            version = EntityVersion(generation: numbers[0], number: numbers[1])
        default: return nil
        }
        guard description == text else { return nil }
    }
}

/// The value of `If-Match`.
enum EntityTagCondition: Hashable, Sendable {
    /// `*`: any version.
    case any
    /// One of these; tags that are none of ours match nothing and are left out.
    case versions([EntityTag])

    init(_ text: String) {
        guard text != "*" else {
            self = .any
            return
        }
        self = .versions(
            text.split(separator: ",").compactMap { EntityTag($0.trimmingSpaces()) })
    }
}
