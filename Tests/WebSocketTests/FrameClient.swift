import HTTPTesting

/// A client that sends any bytes as frames, and reads those of the server.
struct FrameClient {
    /// A frame of the server.
    struct Frame: Equatable {
        let first: UInt8
        let content: [UInt8]

        static func text(_ text: String) -> Frame { Frame(first: 0x81, content: Array(text.utf8)) }
        static func pong(_ text: String) -> Frame { Frame(first: 0x8A, content: Array(text.utf8)) }

        /// The code of a close frame; nil for any other.
        var closeCode: Int? {
            first == 0x88 && content.count >= 2 ? Int(content[0]) << 8 | Int(content[1]) : nil
        }
    }

    let raw: RawClient

    static let upgrade = [
        "Upgrade": "websocket", "Connection": "keep-alive, Upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ]

    /// The `Sec-WebSocket-Extensions` of the answer to a handshake; nil if it has none.
    static func extensions(port: UInt16, offering offer: String) async -> String? {
        let headers = upgrade.merging(["Sec-WebSocket-Extensions": offer]) { $1 }
        let response = await RawClient(port: port).request("GET", "/still", headers: headers)
        return response?.headers["sec-websocket-extensions"]
    }

    /// Opens a connection; nil when the server refuses.
    init?(
        port: UInt16, _ path: String = "/echo", extensions: String? = nil, receiveBuffer: Int32? = nil
    ) async {
        raw = RawClient(port: port, receiveBuffer: receiveBuffer)
        var headers = Self.upgrade
        headers["Authorization"] = "Bearer staff"
        headers["Sec-WebSocket-Extensions"] = extensions
        let response = await raw.request("GET", path, headers: headers)
        guard response?.status == 101 else { return nil }
    }

    /// A frame of a client. `first` is its first byte; `declaring` another length than the content has.
    static func frame(
        _ first: UInt8, _ content: [UInt8] = [], isMasked: Bool = true, declaring length: UInt64? = nil
    ) -> [UInt8] {
        let length = length ?? UInt64(content.count)
        let flag: UInt8 = isMasked ? 0x80 : 0
        var bytes = [first]
        switch length {
        case 0...125: bytes.append(flag | UInt8(length))
        case 126...0xFFFF: bytes += [flag | 126, UInt8(length >> 8), UInt8(length & 0xFF)]
        default: bytes += [flag | 127] + (0..<8).map { UInt8(truncatingIfNeeded: length >> (56 - 8 * $0)) }
        }
        guard isMasked else { return bytes + content }
        let mask: [UInt8] = [0x12, 0x34, 0x56, 0x78]
        return bytes + mask + content.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    func send(_ first: UInt8, _ text: String = "") { raw.send(Self.frame(first, Array(text.utf8))) }

    /// The next frame; nil when the server closes first.
    func next() async -> Frame? {
        guard let head = await raw.bytes(2) else { return nil }
        var length = Int(head[1])
        if length >= 126 {
            guard let extended = await raw.bytes(length == 126 ? 2 : 8) else { return nil }
            length = extended.reduce(0) { $0 << 8 | Int($1) }
        }
        guard let content = await raw.bytes(length) else { return nil }
        return Frame(first: head[0], content: content)
    }

    /// The code of the close frame that comes before anything else.
    func closeCode() async -> Int? { await next()?.closeCode }
}
