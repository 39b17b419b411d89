import Cryptography

/// A strong entity tag (RFC 9110 section 8.8.3): the version of one resource.
package struct EntityTag: Hashable, Sendable, CustomStringConvertible {
    /// The version, as the resource counts it.
    package let version: Int64

    /// The tag of a version.
    package init(version: Int64) { self.version = version }

    /// The tag of content that counts no versions: a digest of it.
    package init(digestOf content: [UInt8]) {
        let digest = SHA256.hash(content).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        version = Int64(digest >> 1)
    }

    /// `"12"`, quotes included.
    package var description: String { "\"\(version)\"" }
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
            text.split(separator: ",").compactMap { item in
                let tag = item.trimmingSpaces()
                guard tag.count > 2, tag.hasPrefix("\""), tag.hasSuffix("\"") else { return nil }
                return Int64(tag.dropFirst().dropLast()).map(EntityTag.init(version:))
            })
    }
}
