/// An address that is published for people to open: `https`, a host name, and characters of RFC 3986 alone.
///
/// It may have a port, a path and a query. It has no user, no fragment, and no IP address, because others print it and send
/// people there.
package struct WebAddress: Hashable, Sendable, CustomStringConvertible {
    /// The greatest number of characters.
    package static let maximumLength = 300

    /// The address.
    package let text: String

    /// Returns nil if `text` is not such an address; nothing is escaped or rewritten.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength, URICharacters.fill(text),
            let match = text.wholeMatch(
                of: /https:\/\/(?<host>[A-Za-z0-9.\-]+)(?::(?<port>[1-9][0-9]{0,4}))?(?:[\/?][^#\[\]]*)?/),
            HostName.isDomain(match.host), match.port.map({ UInt16($0) != nil }) ?? true
        else { return nil }
        self.text = text
    }

    package var description: String { text }
}

/// The characters of addresses (RFC 3986, appendix A).
package enum URICharacters {
    /// Whether a text consists of them, and each percent sign begins an escaped byte.
    package static func fill(_ text: String) -> Bool {
        var bytes = text.utf8[...]
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard bytes.popFirst().map(isHexadecimal) == true, bytes.popFirst().map(isHexadecimal) == true else {
                    return false
                }
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                break
            default:
                guard "-._~:/?#[]@!$&'()*+,;=".utf8.contains(byte) else { return false }
            }
        }
        return true
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "F"),
            UInt8(ascii: "a")...UInt8(ascii: "f"):
            true
        default: false
        }
    }
}
