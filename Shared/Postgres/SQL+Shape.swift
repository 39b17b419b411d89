extension SQL {
    /// The text of a statement without its values. Two shapes are equal if they are made of the same literals of the
    /// program; equal texts from different places differ.
    struct Shape: Sendable {
        /// The literals in their order; nil stands for a value.
        private var parts: [StaticString?] = []

        /// The text with `$1`, `$2` … in place of the values.
        var text: String {
            var (text, count) = ("", 0)
            for part in parts {
                if let part {
                    part.withUTF8Buffer { text += String(decoding: $0, as: UTF8.self) }
                } else {
                    count += 1
                    text += "$\(count)"
                }
            }
            return text
        }

        func begins(with word: StaticString) -> Bool {
            guard case let first?? = parts.first else { return false }
            return first.withUTF8Buffer { text in word.withUTF8Buffer { text.starts(with: $0) } }
        }

        mutating func reserve(_ count: Int) { parts.reserveCapacity(count) }

        mutating func append(_ literal: StaticString) {
            if Self.address(of: literal).length > 0 { parts.append(literal) }
        }

        mutating func appendValue() { parts.append(nil) }

        mutating func append(_ other: Shape) { parts += other.parts }

        /// Where a literal is, and how long it is. A literal that is a single scalar has no address.
        private static func address(of literal: StaticString) -> (start: UInt, length: Int) {
            literal.hasPointerRepresentation
                ? (UInt(bitPattern: literal.utf8Start), literal.utf8CodeUnitCount)
                : (UInt(literal.unicodeScalar.value), 1)
        }
    }
}

extension SQL.Shape: Hashable {
    static func == (left: Self, right: Self) -> Bool {
        left.parts.elementsEqual(right.parts) { left, right in
            switch (left, right) {
            case (let left?, let right?): address(of: left) == address(of: right)
            case (nil, nil): true
            default: false
            }
        }
    }

    func hash(into hasher: inout Hasher) {
        for part in parts { hasher.combine(part.map { Self.address(of: $0).start } ?? 0) }
    }
}
