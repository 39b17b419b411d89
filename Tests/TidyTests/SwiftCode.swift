import Glibc

/// The text of a Swift file in which comments and the contents of strings are blank, so that a word found in it is code.
/// Every byte stands where it stood.
struct SwiftCode: Sendable {
    let bytes: [UInt8]
    /// Where each line begins.
    private let lineStarts: [Int]

    init(_ text: String) {
        var eraser = Eraser(Array(text.utf8))
        eraser.eraseAll()
        bytes = eraser.bytes
        var starts = [0]
        for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") { starts.append(index + 1) }
        lineStarts = starts
    }

    /// The lines, from one, on which `word` stands: not as the end of a longer name and not as a member.
    func lines(with word: String) -> [Int] { positions(of: word).map(line(of:)) }

    /// Where `word` stands, as of ``lines(with:)``.
    func positions(of word: String) -> [Int] {
        var found: [Int] = []
        // By a function of C: a loop over bytes is slow in a debug build, and this one runs over everything.
        (bytes + [0]).withUnsafeBytes { text in
            guard let base = text.assumingMemoryBound(to: CChar.self).baseAddress else { return }
            var start = base
            while let hit = strstr(start, word) {
                let position = UnsafePointer(hit) - base
                if position == 0 || !text[position - 1].continuesName { found.append(position) }
                start = UnsafePointer(hit) + 1
            }
        }
        return found
    }

    /// The line, from one, of a position.
    func line(of position: Int) -> Int {
        var (low, high) = (0, lineStarts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= position { low = middle } else { high = middle }
        }
        return low + 1
    }

    /// What is left of a line, which counts from one.
    func line(_ number: Int) -> String { restOfLine(from: lineStarts[number - 1]) }

    /// The rest of the line from a position on.
    func restOfLine(from position: Int) -> String {
        String(decoding: bytes[position...].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// From brace to brace the first block that opens outside of parentheses from `position` on; nil when the surrounding
    /// block ends before.
    func block(after position: Int) -> ClosedRange<Int>? {
        var depth = 0
        var opening: Int?
        for index in position..<bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "{"):
                if depth == 0 { opening = opening ?? index }
                depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth < 0 { return nil }
                if depth == 0, let opening { return opening...index }
            default: break
            }
        }
        return nil
    }
}

extension UInt8 {
    /// A letter, digit, underscore, part of a letter, or the dot before a member.
    fileprivate var continuesName: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), 0x80...:
            true
        default: false
        }
    }
}

/// Blanks comments and strings. What a string interpolates is code and stays.
private struct Eraser {
    private(set) var bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func eraseAll() { while position < bytes.count { step() } }

    private mutating func step() {
        let byte = bytes[position]
        guard byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "#") else {
            position += 1
            return
        }
        if at("//") {
            while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { blank() }
        } else if at("/*") {
            eraseBlockComment()
        } else if let opening = stringOpening() {
            eraseString(opening)
        } else {
            position += 1
        }
    }

    private mutating func eraseBlockComment() {
        var depth = 0
        repeat {
            if at("/*") { depth += 1 } else if at("*/") { depth -= 1 }
            if at("/*") || at("*/") { blank() }
            blank()
        } while depth > 0 && position < bytes.count
    }

    private func at(_ text: StaticString, offset: Int = 0) -> Bool {
        let start = position + offset
        guard start + text.utf8CodeUnitCount <= bytes.count else { return false }
        for index in 0..<text.utf8CodeUnitCount where bytes[start + index] != text.utf8Start[index] { return false }
        return true
    }

    /// The number signs and whether there are three quotes, when a string begins here.
    private func stringOpening() -> (signs: Int, isMultiline: Bool)? {
        guard bytes[position] == UInt8(ascii: "\"") || bytes[position] == UInt8(ascii: "#") else { return nil }
        let signs = bytes[position...].prefix { $0 == UInt8(ascii: "#") }.count
        guard at("\"", offset: signs) else { return nil }
        return (signs, at("\"\"\"", offset: signs))
    }

    private mutating func eraseString(_ opening: (signs: Int, isMultiline: Bool)) {
        let quotes = opening.isMultiline ? 3 : 1
        position += opening.signs + quotes
        while position < bytes.count {
            if closes(opening) {
                position += quotes + opening.signs
                return
            }
            if bytes[position] == UInt8(ascii: "\n"), !opening.isMultiline { return }
            guard bytes[position] == UInt8(ascii: "\\"), hasSigns(opening.signs, offset: 1) else {
                blank()
                continue
            }
            let isInterpolation = at("(", offset: 1 + opening.signs)
            for _ in 0..<(2 + opening.signs) where position < bytes.count { blank() }
            if isInterpolation { skipInterpolation() }
        }
    }

    private func closes(_ opening: (signs: Int, isMultiline: Bool)) -> Bool {
        opening.isMultiline
            ? at("\"\"\"") && hasSigns(opening.signs, offset: 3)
            : at("\"") && hasSigns(opening.signs, offset: 1)
    }

    private func hasSigns(_ count: Int, offset: Int) -> Bool {
        let start = position + offset
        return start + count <= bytes.count && bytes[start..<start + count].allSatisfy { $0 == UInt8(ascii: "#") }
    }

    /// Leaves the code between the parentheses, whose opening one is blank already, and blanks the closing one.
    private mutating func skipInterpolation() {
        var depth = 1
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "(") { depth += 1 }
            if bytes[position] == UInt8(ascii: ")") { depth -= 1 }
            if depth == 0 { return blank() }
            step()
        }
    }

    private mutating func blank() {
        if bytes[position] != UInt8(ascii: "\n") { bytes[position] = UInt8(ascii: " ") }
        position += 1
    }
}
