import JSONCoding

/// What came with an event or an acknowledgement: JSON values, as the bytes that were sent.
package struct Arguments: Sendable {
    /// What `{"_placeholder":true,"num":0}` and so on stand for.
    package let attachments: [[UInt8]]
    private let text: ArraySlice<UInt8>
    private let ranges: ArraySlice<Range<Int>>

    init(_ text: ArraySlice<UInt8>, _ ranges: ArraySlice<Range<Int>>, attachments: [[UInt8]]) {
        (self.text, self.ranges, self.attachments) = (text, ranges, attachments)
    }

    /// How many there are.
    package var count: Int { ranges.count }

    /// The JSON text of an argument; nil if there are fewer.
    package subscript(index: Int) -> [UInt8]? {
        guard (0..<count).contains(index) else { return nil }
        return Array(text[ranges[ranges.startIndex + index]])
    }

    /// All of them, in order.
    package var all: [[UInt8]] { ranges.map { Array(text[$0]) } }

    /// An argument as a value. Throws `InvalidInput` if it is not of this form, or missing.
    package func decode<Value: Decodable>(_ type: Value.Type = Value.self, at index: Int) throws -> Value {
        try StrictJSON.decode(type, from: self[index] ?? Array("null".utf8))
    }
}

/// The content of an event or an acknowledgement, checked.
struct ReceivedContent {
    /// The name of an event; nil for an acknowledgement.
    let event: String?
    let arguments: Arguments

    /// Reads the content of an event.
    init(eventOf packet: SocketPacket, attachments: [[UInt8]]) throws(SocketPacket.Fault) {
        let ranges = try Self.elements(of: packet)
        guard let first = ranges.first else { throw SocketPacket.Fault() }
        event = try Self.name(packet.content[first])
        arguments = Arguments(packet.content, ranges.dropFirst(), attachments: attachments)
    }

    /// Reads the content of an acknowledgement.
    init(acknowledgementOf packet: SocketPacket, attachments: [[UInt8]]) throws(SocketPacket.Fault) {
        event = nil
        arguments = Arguments(packet.content, try Self.elements(of: packet)[...], attachments: attachments)
    }

    /// Checks the content before its attachments come.
    static func check(_ packet: SocketPacket) throws(SocketPacket.Fault) {
        if packet.kind == .binaryEvent {
            _ = try ReceivedContent(eventOf: packet, attachments: [])
        } else {
            _ = try elements(of: packet)
        }
    }

    private static func elements(of packet: SocketPacket) throws(SocketPacket.Fault) -> [Range<Int>] {
        do {
            let elements = try JSONScanner.elements(of: packet.content)
            guard packet.kind == .binaryEvent || packet.kind == .binaryAcknowledgement else { return elements.ranges }
            // Each attachment is used once.
            guard elements.attachments.sorted() == Array(0..<packet.attachmentCount) else { throw SocketPacket.Fault() }
            return elements.ranges
        } catch {
            throw SocketPacket.Fault()
        }
    }

    /// A string or a number.
    private static func name(_ text: ArraySlice<UInt8>) throws(SocketPacket.Fault) -> String {
        switch text.first {
        case UInt8(ascii: "\""):
            guard let name = string(text), !SocketPacket.reservedEvents.contains(name) else {
                throw SocketPacket.Fault()
            }
            return name
        case UInt8(ascii: "-")?, (UInt8(ascii: "0")...UInt8(ascii: "9"))?: return String(decoding: text, as: UTF8.self)
        default: throw SocketPacket.Fault()
        }
    }

    /// The text that a JSON string stands for; nil if it is no Unicode text.
    static func string(_ text: ArraySlice<UInt8>) -> String? {
        guard text.count >= 2, text.first == UInt8(ascii: "\"") else { return nil }
        guard text.contains(UInt8(ascii: "\\")) else {
            return String(decoding: text.dropFirst().dropLast(), as: UTF8.self)
        }
        // Lone surrogates are no text.
        return try? StrictJSON.decode([String].self, from: Array("[".utf8) + text + Array("]".utf8)).first
    }
}
