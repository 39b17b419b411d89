import EventLoop

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

/// A message encoded as one frame. A broadcast is encoded once, and compressed once if any client wants that; its bytes are
/// shared by the send queues of all connections.
package struct EncodedMessage: Sendable {
    /// The frame: unmasked, as a server sends it.
    let bytes: [UInt8]
    /// The frame for clients with permessage-deflate; nil where compression is not worth it.
    private let compressed: CompressedFrame?

    /// Encodes a message.
    package init(_ message: WebSocketMessage) {
        switch message {
        case .text(let text): self.init(opcode: 1, Array(text.utf8))
        case .binary(let content): self.init(opcode: 2, content)
        }
    }

    /// Encodes text that is already UTF-8, such as JSON that was just encoded.
    package init(utf8: [UInt8]) { self.init(opcode: 1, utf8) }

    /// A ping without content.
    static let ping = EncodedMessage(opcode: 9, [])

    /// The close frame. The reason is cut to what a control frame can hold.
    static func close(_ code: CloseCode, _ reason: String) -> EncodedMessage {
        var text = reason
        while text.utf8.count > 123 { text.removeLast() }
        return EncodedMessage(opcode: 8, [UInt8(code.number >> 8), UInt8(code.number & 0xFF)] + Array(text.utf8))
    }

    private init(opcode: UInt8, _ content: [UInt8]) {
        bytes = frame(first: 0x80 | opcode, content)
        compressed = CompressedFrame.sizes.contains(content.count) ? CompressedFrame(opcode: opcode, content) : nil
    }

    /// The frame as a client gets it that has permessage-deflate or has not.
    @EventLoop
    func bytes(compressed wanted: Bool) -> [UInt8] { wanted ? compressed?.bytes ?? bytes : bytes }
}

/// A message compressed for the first client that wants it so, and kept for the others.
@EventLoop
private final class CompressedFrame {
    /// Smaller content fits a packet as it is; to compress larger content would hold up the event loop.
    nonisolated static let sizes = 1024...64 * 1024

    private let opcode: UInt8
    private let content: [UInt8]
    private var made: [UInt8]?

    nonisolated init(opcode: UInt8, _ content: [UInt8]) { (self.opcode, self.content) = (opcode, content) }

    /// Nil if compression does not make it smaller.
    var bytes: [UInt8]? {
        if made == nil {
            let deflated = MessageCodec.deflate(content)
            made = deflated.flatMap { $0.count < content.count ? frame(first: 0xC0 | opcode, $0) : nil } ?? []
        }
        return made.flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// A final frame with its content (RFC 6455 section 5.2).
private func frame(first: UInt8, _ content: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(content.count + 10)
    bytes.append(first)
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
