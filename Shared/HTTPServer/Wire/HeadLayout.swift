/// Checks the raw bytes of a head for what libmicrohttpd's C strings hide: NUL inside a line, lines that end in a lone
/// LF or CR, folded lines.
///
/// libmicrohttpd parses in place and puts one NUL over each delimiter: the space after the method, the space before the
/// version, the colon after each name, the CR and the LF. So a head that was well formed reads
/// `method 0 target 0 version 0 0 (name 0 value 0 0)* 0 0`, and any byte that was NUL before breaks that form or the
/// number of fields. The form is private to the library: should a version change it, every request is refused, and
/// the tests say so.
struct HeadLayout {
    private let bytes: UnsafeRawBufferPointer
    private var position: Int

    /// `afterVersion` is the offset in `head` of the byte after the version's text.
    static func isWellFormed(_ head: UnsafeRawBufferPointer, afterVersion: Int, fieldCount: Int) -> Bool {
        var layout = HeadLayout(bytes: head, position: afterVersion)
        return layout.matches(fieldCount: fieldCount)
    }

    private mutating func matches(fieldCount: Int) -> Bool {
        guard takeLineEnd() else { return false }
        for _ in 0..<fieldCount {
            guard skipText() > 0, takeNUL() else { return false }
            skipText()
            guard takeLineEnd() else { return false }
        }
        return takeLineEnd() && position == bytes.count
    }

    /// The number of bytes up to the next NUL.
    @discardableResult
    private mutating func skipText() -> Int {
        let start = position
        while position < bytes.count, bytes[position] != 0 { position += 1 }
        return position - start
    }

    private mutating func takeNUL() -> Bool {
        guard position < bytes.count, bytes[position] == 0 else { return false }
        position += 1
        return true
    }

    private mutating func takeLineEnd() -> Bool { takeNUL() && takeNUL() }
}
