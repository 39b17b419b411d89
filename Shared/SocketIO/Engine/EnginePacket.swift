import Cryptography
import WebSocket

/// A packet for clients, encoded once for all of them.
struct EnginePacket: Sendable {
    /// Between the packets of one body.
    static let separator: UInt8 = 0x1E

    static let ping = EnginePacket(text: Array("2".utf8))

    let frame: EncodedMessage
    let isBinary: Bool

    /// A packet of text, with its type in front.
    init(text: [UInt8]) { (frame, isBinary) = (EncodedMessage(utf8: text), false) }

    /// A message of bytes.
    init(binary: [UInt8]) { (frame, isBinary) = (EncodedMessage(.binary(binary)), true) }

    var size: Int { frame.content.count }

    /// Appends the packet as a body holds it: bytes are in Base64.
    func append(to body: inout [UInt8]) {
        if !body.isEmpty { body.append(Self.separator) }
        guard isBinary else {
            body += frame.content
            return
        }
        body.append(UInt8(ascii: "b"))
        body += BaseEncoding.base64.encode(Array(frame.content)).utf8
        body += [UInt8](repeating: UInt8(ascii: "="), count: (3 - size % 3) % 3)
    }
}

/// A packet of a client.
enum ReceivedPacket {
    case close
    case ping(ArraySlice<UInt8>)
    case pong
    case text(ArraySlice<UInt8>)
    case upgrade
    case noop
    case binary([UInt8])

    /// Reads a packet of text; nil if it is none that a client may send.
    init?(text: ArraySlice<UInt8>) {
        let content = text.dropFirst()
        switch (text.first, content.isEmpty) {
        case (UInt8(ascii: "1"), true): self = .close
        case (UInt8(ascii: "2"), _): self = .ping(content)
        case (UInt8(ascii: "3"), true): self = .pong
        case (UInt8(ascii: "4"), _): self = .text(content)
        case (UInt8(ascii: "5"), true): self = .upgrade
        case (UInt8(ascii: "6"), true): self = .noop
        default: return nil
        }
    }

    /// Reads a packet of the body of a request, which may be binary as well.
    init?(polled packet: ArraySlice<UInt8>) {
        guard packet.first == UInt8(ascii: "b") else {
            self.init(text: packet)
            return
        }
        var encoded = packet.dropFirst()
        guard encoded.count % 4 == 0 else { return nil }
        for _ in 0..<2 where encoded.last == UInt8(ascii: "=") { encoded.removeLast() }
        guard let bytes = BaseEncoding.base64.decode(String(decoding: encoded, as: UTF8.self)) else { return nil }
        self = .binary(bytes)
    }
}
