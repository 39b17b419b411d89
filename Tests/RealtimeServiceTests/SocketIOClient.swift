import EventLoop
import FoundationEssentials

/// A client of Socket.IO over a WebSocket, packet by packet.
@EventLoop
final class SocketIOClient {
    /// An event of the server.
    struct Event: Decodable {
        let name: String
        let data: FeedClient.Message.Content?
        /// What names the event among those that may be sent again.
        let offset: String?

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            name = try values.decode(String.self)
            data = try values.decode(FeedClient.Message.Content.self)
            offset = try values.decodeIfPresent(String.self)
        }
    }

    /// What the server answers to an event, or to a connection that it refuses.
    struct Answer: Decodable {
        let status: String?
        let code: String?
    }

    private struct Opened: Decodable { let sid: String }
    private struct Connected: Decodable {
        let sid: String
        let pid: String
    }
    private struct Refused: Decodable {
        let message: String
        let data: Answer
    }

    private let feed: FeedClient
    /// The session of Engine.IO.
    let session: String
    /// Names the socket; nil if the server has refused.
    private(set) var id: String?
    /// What the next connection goes on with.
    private(set) var pid: String?
    /// Why the server has refused.
    private(set) var refusal: String?
    private var offset: String?
    private var events: [Event] = []
    private var answers: [Answer] = []

    /// - Parameter auth: members of the object that is sent to connect.
    init?(port: UInt16, _ auth: String = "", headers: [String: String] = [:]) async throws {
        guard
            let feed = await FeedClient(
                port: port, path: "/socket.io/", "?EIO=4&transport=websocket", headers: headers),
            let opened = await feed.text(), opened.hasPrefix("0")
        else { return nil }
        self.feed = feed
        session = try Self.decode(Opened.self, opened.dropFirst()).sid
        feed.send("40{\(auth)}")
        guard let answer = await feed.text() else { return nil }
        if answer.hasPrefix("44") {
            refusal = try Self.decode(Refused.self, answer.dropFirst(2)).data.code
        } else {
            let connected = try Self.decode(Connected.self, answer.dropFirst(2))
            (id, pid) = (connected.sid, connected.pid)
        }
    }

    /// The members of `auth` by which another connection goes on.
    var recovery: String { #""pid":"\#(pid ?? "")""# + (offset.map { #","offset":"\#($0)""# } ?? "") }

    /// Cuts the connection, without a word to the server.
    func cut() { feed.cut() }

    /// Sends an event and returns what it is answered.
    func call(_ event: String, _ argument: String) async throws -> Answer? {
        feed.send(#"421["\#(event)",\#(argument)]"#)
        while answers.isEmpty { guard try await read() else { return nil } }
        return answers.removeFirst()
    }

    /// The next event; nil when the server closes.
    func next() async throws -> Event? {
        while events.isEmpty { guard try await read() else { return nil } }
        return events.removeFirst()
    }

    /// The next event that is `wanted`; those before it are passed over.
    func next(where wanted: (Event) -> Bool) async throws -> Event? {
        while let event = try await next() { if wanted(event) { return event } }
        return nil
    }

    /// The next event of this name.
    func next(_ name: String) async throws -> Event? { try await next { $0.name == name } }

    /// The code of the close frame.
    func closeCode() async -> Int? { await feed.closeCode() }

    private func read() async throws -> Bool {
        guard let text = await feed.text() else { return false }
        if text == "2" {
            feed.send("3")
        } else if text.hasPrefix("42") {
            let event = try Self.decode(Event.self, text.dropFirst(2))
            offset = event.offset
            events.append(event)
        } else if text.hasPrefix("431") {
            answers += try Self.decode([Answer].self, text.dropFirst(3))
        }
        return true
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ text: Substring) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
