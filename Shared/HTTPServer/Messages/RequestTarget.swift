/// A request's target taken apart: path segments and query pairs, percent-decoded strictly.
struct RequestTarget {
    let segments: [String]
    let query: [(name: String, value: String)]

    /// Nil when it is no origin-form target (RFC 9112 section 3.2.1), an escape is malformed, or what is escaped is no
    /// UTF-8 text or has control characters.
    init?(_ target: String) {
        guard target.utf8.first == UInt8(ascii: "/") else { return nil }
        let mark = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        var segments: [String] = []
        for part in target.utf8[..<(mark ?? target.utf8.endIndex)].dropFirst()
            .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        {
            guard let segment = percentDecoded(part, plusIsSpace: false) else { return nil }
            segments.append(segment)
        }
        self.segments = segments
        guard let mark else {
            query = []
            return
        }
        guard let query = Self.pairs(of: target.utf8[target.utf8.index(after: mark)...]) else { return nil }
        self.query = query
    }

    /// The fields of a form (`application/x-www-form-urlencoded`), read like those of a query; nil if it is malformed.
    static func pairs(of form: [UInt8]) -> [(name: String, value: String)]? {
        guard let text = String(validating: form, as: UTF8.self) else { return nil }
        return pairs(of: text[...].utf8)
    }

    private static func pairs(of text: Substring.UTF8View) -> [(name: String, value: String)]? {
        var pairs: [(name: String, value: String)] = []
        for part in text.split(separator: UInt8(ascii: "&")) {
            let equals = part.firstIndex(of: UInt8(ascii: "="))
            guard let name = percentDecoded(part[..<(equals ?? part.endIndex)], plusIsSpace: true) else { return nil }
            let rest = equals.map { part[part.index(after: $0)...] } ?? part[part.endIndex...]
            guard let value = percentDecoded(rest, plusIsSpace: true) else { return nil }
            pairs.append((name, value))
        }
        return pairs
    }
}

/// Text without its escapes; nil as ``RequestTarget`` says.
private func percentDecoded(_ text: Substring.UTF8View, plusIsSpace: Bool) -> String? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var rest = text.makeIterator()
    while let byte = rest.next() {
        switch byte {
        case UInt8(ascii: "%"):
            guard let high = rest.next().flatMap(hexadecimalValue), let low = rest.next().flatMap(hexadecimalValue)
            else {
                return nil
            }
            bytes.append(high << 4 | low)
        case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
        default: bytes.append(byte)
        }
    }
    guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
    return String(validating: bytes, as: UTF8.self)
}

private func hexadecimalValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
}
