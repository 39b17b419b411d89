import FoundationEssentials
import HTTPTesting

/// A client of the plain WebSocket feed, by the protocol's own words.
final class FeedClient: Sendable {
    /// What the server sent: `type`, and members that tests read.
    struct Message: Decodable, Sendable {
        struct Wait: Decodable, Equatable, Sendable {
            let from: Int
            let to: Int
        }
        struct Entry: Decodable, Equatable, Sendable {
            let ticketNumber: String
            let status: String?
            let isConnected: Bool?
        }
        struct Appointment: Decodable, Sendable { let status: String }
        struct Content: Decodable, Sendable {
            let version: Int?
            let ticketNumber: String?
            let status: String?
            let position: Int?
            let estimatedWait: Wait?
            let isNear: Bool?
            let waiting: Int?
            let next: String?
            let calledNumber: String?
            let message: String?
            let counter: String?
            let entries: [Entry]?
            let calls: [Entry]?
            let appointment: Appointment?
        }
        let type: String
        let id: Int?
        let event: String?
        let code: String?
        let data: Content?
    }

    private let raw: RawClient

    /// Opens a connection; nil when the server refuses.
    init?(port: UInt16, path: String = "/ws", _ query: String = "", headers: [String: String] = [:]) async {
        raw = RawClient(port: port)
        let upgrade = [
            "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        ]
        let response = await raw.request("GET", path + query, headers: upgrade.merging(headers) { $1 })
        guard response?.status == 101 else { return nil }
    }

    /// Sends a text message, masked as clients do.
    func send(_ json: String) { send(0x81, Array(json.utf8)) }

    private func send(_ first: UInt8, _ content: [UInt8]) {
        let mask: [UInt8] = [1, 2, 3, 4]
        let head: [UInt8] =
            content.count < 126
            ? [first, 0x80 | UInt8(content.count)]
            : [first, 0x80 | 126, UInt8(content.count >> 8), UInt8(content.count & 0xFF)]
        raw.send(head + mask + content.enumerated().map { $1 ^ mask[$0 % 4] })
    }

    /// Cuts the connection, without a word to the server.
    func cut() { raw.cut() }

    /// The next text; nil when the server closes, or sends none for 20 seconds.
    func text() async -> String? {
        let end = ContinuousClock.now + .seconds(20)
        while let (first, content) = await frame(), .now < end {
            switch first & 0x0F {
            case 1: return String(decoding: content, as: UTF8.self)
            case 8: return nil
            case 9: send(0x8A, content)
            default: continue
            }
        }
        return nil
    }

    /// The next message.
    func next() async throws -> Message? {
        try await text().map { try JSONDecoder().decode(Message.self, from: Data($0.utf8)) }
    }

    /// The next message that is `wanted`; those before it are passed over.
    func next(where wanted: (Message) -> Bool) async throws -> Message? {
        while let message = try await next() { if wanted(message) { return message } }
        return nil
    }

    /// The next message of a type.
    func next(_ type: String) async throws -> Message? { try await next { $0.type == type || $0.event == type } }

    /// The code of the close frame, which all else precedes; nil when there is none.
    func closeCode() async -> Int? {
        while let (first, content) = await frame() {
            if first & 0x0F == 8, content.count >= 2 { return Int(content[0]) << 8 | Int(content[1]) }
        }
        return nil
    }

    private func frame() async -> (UInt8, [UInt8])? {
        guard let head = await raw.bytes(2) else { return nil }
        var length = Int(head[1])
        if length >= 126 {
            guard let extended = await raw.bytes(length == 126 ? 2 : 8) else { return nil }
            length = extended.reduce(0) { $0 << 8 | Int($1) }
        }
        guard let content = await raw.bytes(length) else { return nil }
        return (head[0], content)
    }
}
