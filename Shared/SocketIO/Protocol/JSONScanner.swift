/// Walks over JSON (RFC 8259) without making values of it: checks the grammar, and finds where the parts of an array or
/// object are. Content passes through as the bytes that came.
struct JSONScanner {
    /// The text is no JSON, or nested too deeply.
    struct Fault: Error {}

    /// The parts of an array.
    struct Elements {
        var ranges: [Range<Int>] = []
        /// The numbers of the attachments that placeholders stand for, in order of appearance.
        var attachments: [Int] = []
    }

    private static let depthLimit = 64

    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private var depth = 0
    private var attachments: [Int] = []

    private init(_ bytes: ArraySlice<UInt8>) { (self.bytes, position) = (bytes, bytes.startIndex) }

    /// The elements of a text that is an array.
    static func elements(of text: ArraySlice<UInt8>) throws(Fault) -> Elements {
        var scanner = JSONScanner(text)
        var elements = Elements()
        scanner.skipSpace()
        try scanner.array { elements.ranges.append($0) }
        try scanner.end()
        elements.attachments = scanner.attachments
        return elements
    }

    /// The values of a text that is an object, by the text of their keys without its quotes. Of two members with one key
    /// the later one counts.
    static func members(of text: ArraySlice<UInt8>) throws(Fault) -> [ArraySlice<UInt8>: Range<Int>] {
        var scanner = JSONScanner(text)
        var members: [ArraySlice<UInt8>: Range<Int>] = [:]
        scanner.skipSpace()
        try scanner.object { members[text[$0].dropFirst().dropLast()] = $1 }
        try scanner.end()
        return members
    }

    private var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    private mutating func end() throws(Fault) {
        skipSpace()
        guard next == nil else { throw Fault() }
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// Passes over one byte if it is this one.
    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    private mutating func require(_ byte: Unicode.Scalar) throws(Fault) {
        guard take(byte) else { throw Fault() }
    }

    /// Passes over a value and returns where it is.
    private mutating func value() throws(Fault) -> Range<Int> {
        skipSpace()
        let start = position
        switch next {
        case UInt8(ascii: "{"): try placeholderOrObject()
        case UInt8(ascii: "["): try array { _ in }
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: try number()
        }
        let range = start..<position
        skipSpace()
        return range
    }

    private mutating func array(_ found: (Range<Int>) -> Void) throws(Fault) {
        try require("[")
        try descend()
        skipSpace()
        if !take("]") {
            repeat { found(try value()) } while take(",")
            try require("]")
        }
        depth -= 1
    }

    private mutating func object(_ found: (Range<Int>, Range<Int>) -> Void) throws(Fault) {
        try require("{")
        try descend()
        skipSpace()
        if !take("}") {
            repeat {
                skipSpace()
                let start = position
                try string()
                let key = start..<position
                skipSpace()
                try require(":")
                found(key, try value())
            } while take(",")
            try require("}")
        }
        depth -= 1
    }

    /// `{"_placeholder":true,"num":0}` stands for the first attachment.
    private mutating func placeholderOrObject() throws(Fault) {
        var isPlaceholder = false
        var number: Range<Int>?
        let bytes = self.bytes
        try object { key, value in
            if bytes[key].elementsEqual("\"_placeholder\"".utf8) {
                isPlaceholder = bytes[value].elementsEqual("true".utf8)
            } else if bytes[key].elementsEqual("\"num\"".utf8) {
                number = value
            }
        }
        guard isPlaceholder else { return }
        // -1 is no attachment.
        attachments.append(number.flatMap { Int(String(decoding: bytes[$0], as: UTF8.self)) } ?? -1)
    }

    private mutating func descend() throws(Fault) {
        depth += 1
        guard depth <= Self.depthLimit else { throw Fault() }
    }
}

// Scalars.
extension JSONScanner {
    private mutating func string() throws(Fault) {
        try require("\"")
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return
            case UInt8(ascii: "\\"): try escape()
            case 0..<0x20: throw Fault()
            default: break
            }
        }
        throw Fault()
    }

    private mutating func escape() throws(Fault) {
        guard let byte = next else { throw Fault() }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            break
        case UInt8(ascii: "u"):
            for _ in 0..<4 {
                guard let digit = next, Character(Unicode.Scalar(digit)).isHexDigit, digit < 0x80 else { throw Fault() }
                position += 1
            }
        default: throw Fault()
        }
    }

    private mutating func number() throws(Fault) {
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            try digits()
        }
    }

    private mutating func digits() throws(Fault) {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw Fault() }
    }

    private mutating func word(_ word: String) throws(Fault) {
        guard bytes[position...].starts(with: word.utf8) else { throw Fault() }
        position += word.utf8.count
    }
}
