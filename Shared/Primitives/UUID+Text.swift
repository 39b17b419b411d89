package import FoundationEssentials

extension UUID {
    /// The 36-character lower-case form of RFC 9562. `uuidString` is upper-case and goes through `printf`.
    package var text: String { Identifier<UUID>(self).description }

    func write(to writer: inout ASCIIWriter) {
        withUnsafeBytes(of: uuid) { bytes in
            for index in 0..<16 {
                if Self.hasHyphen(before: index) { writer.put("-") }
                writer.put(Self.digit(bytes[index] >> 4))
                writer.put(Self.digit(bytes[index] & 15))
            }
        }
    }

    /// Reads the 36-character form, in upper or lower case; returns nil for anything else.
    package init?(text: some StringProtocol) {
        var text = String(text)
        var bytes: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        let isRead = text.withUTF8 { text in
            withUnsafeMutableBytes(of: &bytes) { bytes in Self.read(text, into: bytes) }
        }
        guard isRead else { return nil }
        self.init(uuid: bytes)
    }

    private static func read(_ text: UnsafeBufferPointer<UInt8>, into bytes: UnsafeMutableRawBufferPointer) -> Bool {
        guard text.count == 36 else { return false }
        var position = 0
        for index in 0..<16 {
            if hasHyphen(before: index) {
                guard text[position] == UInt8(ascii: "-") else { return false }
                position += 1
            }
            guard let high = value(of: text[position]), let low = value(of: text[position + 1]) else { return false }
            bytes[index] = high << 4 | low
            position += 2
        }
        return true
    }

    private static func hasHyphen(before index: Int) -> Bool { index == 4 || index == 6 || index == 8 || index == 10 }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}
