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

    /// Serves until the connection is over.
    func serve(token: String?) async {
        do {
            try service.clients.add(client)
        } catch {
            return refuse(error, closing: true)
        }
        client.transport = self
        defer { service.clients.remove(client) }
        if let token {
            guard await identify(token) else { return }
        }
        while let message = await socket.receive() {
            guard client.admitsMessage() else { return refuse(.limit, closing: true) }
            guard case .text(let text) = message, let request = FeedRequest(json: text) else {
                refuse(.malformed)
                continue
            }
            guard await answer(request) else { return }
        }
    }

    /// Returns false if the connection must end.
    private func answer(_ request: FeedRequest) async -> Bool {
        switch request.type {
        case .auth:
            guard let token = request.token else { return refused(.malformed, request) }
            return await identify(token, request.id)
        case .join, .leave:
            guard let wish = request.wish else { return refused(.malformed, request) }
            do {
                if request.type == .leave {
                    try service.joinRoom.leave(wish, client)
                    send(FeedReply(type: "left", id: request.id))
                } else {
                    let state = try await service.joinRoom(wish, client)
                    send(joined: state, id: request.id)
                }
            } catch {
                return refused(error, request)
            }
        case .ping: send(FeedReply(type: "pong", id: request.id))
        }
        return true
    }

    private func identify(_ token: String, _ id: Int? = nil) async -> Bool {
        do {
            let isFirst = client.principal == nil
            try service.identify(token, client)
            if isFirst { try await service.joinRoom.ownRooms(of: client) }
            send(FeedReply(type: "authenticated", id: id))
            return true
        } catch {
            refuse(error, id, closing: true)
            return false
        }
    }

    private func refused(_ refusal: Refusal, _ request: FeedRequest) -> Bool {
        refuse(refusal, request.id)
        return true
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
