/// One message, reassembled from its frames.
package enum WebSocketMessage: Hashable, Sendable {
    /// UTF-8 text; it is checked.
    case text(String)
    /// Any bytes.
    case binary([UInt8])

    /// The size of its content in bytes.
    package var size: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .binary(let bytes): bytes.count
        }
    }
}

/// A message encoded as one frame. A broadcast is encoded once, and its bytes are shared by the send queues of all
/// connections.
package struct EncodedMessage: Sendable {
    /// The frame: unmasked, as a server sends it.
    let bytes: [UInt8]

    /// Encodes a message.
    package init(_ message: WebSocketMessage) {
        switch message {
        case .text(let text): bytes = frame(opcode: 1, Array(text.utf8))
        case .binary(let content): bytes = frame(opcode: 2, content)
        }
    }

    /// Encodes text that is already UTF-8, such as JSON that was just encoded.
    package init(utf8: [UInt8]) { bytes = frame(opcode: 1, utf8) }

    /// A ping without content.
    static let ping = EncodedMessage(opcode: 9, [])

    /// The close frame. The reason is cut to what a control frame can hold.
    static func close(_ code: CloseCode, _ reason: String) -> EncodedMessage {
        var text = reason
        while text.utf8.count > 123 { text.removeLast() }
        return EncodedMessage(opcode: 8, [UInt8(code.number >> 8), UInt8(code.number & 0xFF)] + Array(text.utf8))
    }

    private init(opcode: UInt8, _ content: [UInt8]) { bytes = frame(opcode: opcode, content) }
}

/// A final frame with its content (RFC 6455 section 5.2).
private func frame(opcode: UInt8, _ content: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(content.count + 10)
    bytes.append(0x80 | opcode)
    switch content.count {
    case 0...125: bytes.append(UInt8(content.count))
    case 126...0xFFFF:
        bytes.append(126)
        bytes += [UInt8(content.count >> 8), UInt8(content.count & 0xFF)]
    default:
        bytes.append(127)
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: content.count >> (56 - 8 * $0)) }
    }
    bytes += content
    return bytes
}
