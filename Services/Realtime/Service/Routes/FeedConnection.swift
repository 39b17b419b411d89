import EventLoop
import JSONCoding
import RealtimeDomain
import WebSocket

/// One client of the plain WebSocket feed.
@EventLoop
final class FeedConnection: Transport {
    private let service: RealtimeService
    private let socket: WebSocket
    private let client: Client

    init(_ service: RealtimeService, _ socket: WebSocket, _ client: Client) {
        (self.service, self.socket, self.client) = (service, socket, client)
    }

    /// Starts to serve. The socket keeps the connection until its end, and no task waits meanwhile.
    func start(token: String?) {
        do {
            try service.clients.add(client)
        } catch {
            return refuse(error, closing: true)
        }
        client.transport = self
        socket.onClose = { [service, client] _ in service.clients.remove(client) }
        socket.onMessage = { [self] message in receive(message) }
        if let token { holdBack { await self.identify(token) } }
    }

    private func receive(_ message: WebSocketMessage) {
        guard client.admitsMessage() else { return refuse(.limit, closing: true) }
        guard case .text(let text) = message, let request = FeedRequest(json: text) else { return refuse(.malformed) }
        switch request.type {
        case .auth:
            guard let token = request.token else { return refuse(.malformed, request.id) }
            holdBack { await self.identify(token, request.id) }
        case .join, .leave:
            guard let wish = request.wish else { return refuse(.malformed, request.id) }
            if request.type == .join { holdBack { await self.join(wish, request.id) } } else { leave(wish, request.id) }
        case .ping: send(FeedReply(type: "pong", id: request.id))
        }
    }

    /// Runs `body`; further messages of the client wait until it has ended.
    private func holdBack(_ body: @escaping @EventLoop () async -> Void) {
        socket.isHeldBack = true
        EventLoop.start { [socket] in
            await body()
            socket.isHeldBack = false
        }
    }

    private func join(_ wish: RoomWish, _ id: Int?) async {
        do {
            let state = try await service.joinRoom(wish, client)
            send(joined: state, id: id)
        } catch {
            refuse(error, id)
        }
    }

    private func leave(_ wish: RoomWish, _ id: Int?) {
        do {
            try service.joinRoom.leave(wish, client)
            send(FeedReply(type: "left", id: id))
        } catch {
            refuse(error, id)
        }
    }

    private func identify(_ token: String, _ id: Int? = nil) async {
        do {
            let isFirst = client.principal == nil
            try service.identify(token, client)
            if isFirst { try await service.joinRoom.ownRooms(of: client) }
            send(FeedReply(type: "authenticated", id: id))
        } catch {
            refuse(error, id, closing: true)
        }
    }

    private func refuse(_ refusal: Refusal, _ id: Int? = nil, closing: Bool = false) {
        send(FeedReply(type: "error", id: id, code: refusal.rawValue, message: refusal.message))
        if closing { socket.close(refusal.closeCode, refusal.rawValue) }
    }
}

// What the client receives.
extension FeedConnection {
    func send(_ announcement: Announcement) { socket.send(announcement.message) }

    func revoked(_ reason: Refusal) { refuse(reason, closing: true) }

    func left(_ room: Room) { send(FeedReply(type: "room:closed")) }

    private func send(_ reply: FeedReply) {
        guard let bytes = try? JSONOutput.encode(reply) else { return }  // It has nothing that could not be encoded.
        socket.send(EncodedMessage(utf8: bytes))
    }

    private func send(joined state: Announcement, id: Int?) {
        let id = id.map { "\"id\":\($0)," } ?? ""
        let head = "{\"type\":\"joined\",\(id)\"event\":\"\(state.event)\",\"data\":"
        socket.send(EncodedMessage(utf8: Array(head.utf8) + state.payload + [0x7D]))
    }
}

/// A message of a client.
struct FeedRequest: Codable, Sendable {
    enum Kind: String, Codable, Sendable { case auth, join, leave, ping }

    /// What the client wants.
    let type: Kind
    /// Returned in the answer.
    let id: Int?
    /// The access token, for `auth`; the token of a display, for its rooms.
    let token: String?
    /// The room, for `join` and `leave`.
    let room: String?

    /// The room that the message names; nil if it names none.
    var wish: RoomWish? { room.flatMap { RoomWish($0) }?.presenting(displayToken: token) }

    /// Returns nil if the text is no such message.
    init?(json text: String) {
        // The client hears that its message is malformed; what is wrong with it, its developer finds.
        guard let request = try? StrictJSON.decode(FeedRequest.self, from: Array(text.utf8)) else { return nil }
        self = request
    }
}

/// An answer to a message of a client.
private struct FeedReply: Encodable {
    let type: String
    var id: Int?
    var code: String?
    var message: String?
}

extension Refusal {
    /// Why a connection ends: 4401 and 4408 ask for a fresh token, 4403 for another one, 4429 for patience.
    fileprivate var closeCode: CloseCode {
        switch self {
        case .unauthenticated: CloseCode(application: 4401)
        case .expired: CloseCode(application: 4408)
        case .forbidden, .notFound: CloseCode(application: 4403)
        case .busy: CloseCode(application: 4503)
        case .limit: CloseCode(application: 4429)
        case .malformed: CloseCode(application: 4400)
        }
    }
}
