import EventLoop
import JSONCoding
import RealtimeDomain
import SocketIO

/// One client of Socket.IO. It outlasts a lost connection for as long as that can be recovered, so that its rooms go on.
@EventLoop
final class SocketIOConnection: Transport {
    /// A little longer than sessions can be recovered.
    private static let absence: Duration = .seconds(125)

    private let service: RealtimeService
    private let namespace: Namespace
    private let client: Client
    private weak var socket: Socket?
    private var departure: LoopTimer?
    /// True from the end of the rights until the next token.
    private(set) var isRevoked = false

    init(_ service: RealtimeService, _ client: Client, in namespace: Namespace) throws(Refusal) {
        (self.service, self.client, self.namespace) = (service, client, namespace)
        try service.clients.add(client)
        client.transport = self
    }

    /// Whether a new connection may go on with the rooms of this one: its rights have not ended since.
    var mayResume: Bool {
        service.clients.revokeIfEnded(client)
        return service.clients.contains(client) && !isRevoked
    }

    /// Goes on with a socket: the first one, or that of a new connection. Rights are checked before anything is sent.
    func begin(on socket: Socket, _ credentials: Credentials) async throws {
        departure?.cancel()
        departure = nil
        self.socket = socket
        let isFirst = client.rooms.isEmpty && !socket.isRecovered
        service.rooms.note(client, isAway: false)
        if let token = credentials.token, let access = PresentedToken(token).access { try await verify(access) }
        leaveOthers(tellingClient: true)
        let entered = enterRooms()
        if isFirst {
            for wish in try credentials.wishes() { send(try await join(wish)) }
        } else {
            // All rooms if the client has missed more than is kept.
            for room in entered where room.line != nil { send(try service.joinRoom.show(room)) }
        }
    }

    /// Takes an access token: the first one, or a fresh one.
    func identify(_ token: String) async throws {
        try await verify(token)
        enterRooms()
    }

    private func verify(_ token: String) async throws {
        let isFirst = client.principal == nil
        try service.identify(token, client)
        isRevoked = false
        if isFirst { try await service.joinRoom.ownRooms(of: client) }
    }

    /// The socket is disconnected. It may come back unless the client, or the server, has ended it for good.
    func disconnected(_ ended: Socket, _ reason: DisconnectReason) {
        guard ended === socket else { return }
        guard case .connection = reason else { return end() }
        socket = nil
        service.rooms.note(client, isAway: true)
        departure = EventLoop.schedule(after: Self.absence) { [self] in end() }
    }

    /// The client does not come back.
    func end() {
        departure?.cancel()
        departure = nil
        service.clients.remove(client)
    }

    func join(_ wish: RoomWish) async throws -> Announcement {
        let state = try await service.joinRoom(wish, client)
        enterRooms()
        return state
    }

    /// Runs what serves an event, and answers it.
    func answer(_ acknowledgement: Acknowledgement?, _ body: @EventLoop () async throws -> Announcement?) async {
        do {
            guard client.admitsMessage() else { throw Refusal.limit }
            let state = try await body()
            acknowledgement?.send([Array(#"{"status":"ok"}"#.utf8)])
            if let state { send(state) }
        } catch {
            let refusal = error as? Refusal ?? .busy
            if let acknowledgement { acknowledgement.send([encoded(refusal)]) } else { emit("refused", refusal) }
        }
    }

    /// Has the socket join the rooms of the client. Returns those that it was not in.
    @discardableResult
    private func enterRooms() -> [Room] {
        let joined = Set(socket?.rooms ?? [])
        let entered = client.rooms.keys.filter { !joined.contains($0.name) }
        for room in entered { socket?.join(room.name) }
        return entered
    }

    /// Leaves the rooms of the socket that are no longer those of the client.
    private func leaveOthers(tellingClient: Bool) {
        let kept = Set(client.rooms.keys.map(\.name))
        for room in socket?.rooms ?? [] where !kept.contains(room) {
            socket?.leave(room)
            if tellingClient { socket?.emit("room:closed", [Array("{}".utf8)]) }
        }
    }
}

// What the client receives.
extension SocketIOConnection {
    func send(_ announcement: Announcement) {
        // A room without a state of its own says nothing.
        guard announcement.event != "joined" else { return }
        socket?.emit(announcement.event, [announcement.payload])
    }

    func broadcast(_ announcement: Announcement, to room: Room) {
        namespace.emit(announcement.event, [announcement.payload], to: room.name)
    }

    func revoked(_ reason: Refusal) {
        leaveOthers(tellingClient: false)
        guard reason != .expired else {
            isRevoked = true
            return emit("auth:expired", reason)
        }
        // It has been in no room for long.
        emit("refused", reason)
        if let socket { socket.disconnect() } else { end() }
    }

    func left(_ room: Room) {
        socket?.leave(room.name)
        socket?.emit("room:closed", [Array("{}".utf8)])
    }

    private func emit(_ event: String, _ refusal: Refusal) { socket?.emit(event, [encoded(refusal)]) }

    private func encoded(_ refusal: Refusal) -> [UInt8] {
        // Two texts can always be encoded.
        (try? JSONOutput.encode(RefusalView(refusal))) ?? Array("{}".utf8)
    }
}

extension Room {
    /// The room among those of Socket.IO. Clients do not see it.
    fileprivate var name: String {
        switch self {
        case .staff(let line): "staff:\(line.tenant)/\(line.queue)"
        case .display(let line): "display:\(line.tenant)/\(line.queue)"
        case .patient(_, let holder): "patient:\(holder)"
        case .clinic(let tenant): "clinic:\(tenant)"
        case .user(let user, let tenant): "user:\(tenant)/\(user)"
        }
    }
}
