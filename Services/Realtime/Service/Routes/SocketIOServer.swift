import Cryptography
import EventLoop
import HTTPServer
import JSONCoding
import RealtimeDomain
import ServiceHost
import SocketIO

/// The events of Socket.IO clients, and what they are answered.
///
/// An event is answered by its acknowledgement if the client awaits one. The state of a room that was joined comes as the
/// event that its later changes are sent as.
@EventLoop
final class SocketIOServer {
    private unowned let service: RealtimeService
    private let server: SocketServer
    private let namespace: Namespace

    init(service: RealtimeService) {
        self.service = service
        let platform = service.context.platform
        server = SocketServer("socketio", .rooms(service.configuration), metrics: platform.metrics)
        namespace = server.namespace("/", recovery: Recovery(keys: platform.keyRing))
        namespace.onConnect = { [unowned self] socket, auth in try await connect(socket, auth) }
        namespace.onDisconnect = { socket, reason in
            (socket.data as? SocketIOConnection)?.disconnected(socket, reason)
        }
        serve("join:patient") { (connection, input: PatientJoin) in
            try await connection.join(.patient(token: input.patientToken))
        }
        serve("join:clinic") { (connection, input: ClinicJoin) in
            guard let wish = RoomWish(clinic: input.clinicId) else { throw Refusal.malformed }
            return try await connection.join(wish)
        }
        serve("join:display") { (connection, input: DisplayJoin) in
            guard let wish = RoomWish("display:\(input.clinicId)") else { throw Refusal.malformed }
            return try await connection.join(wish.presenting(displayToken: input.token))
        }
        serve("auth:token") { (connection, input: FreshToken) in
            try await connection.identify(input.token)
            return nil
        }
    }

    /// The routes of the protocol.
    var routes: [Route] { server.routes }

    /// Sends the clients away, spread over `time`.
    func drain(over time: Duration) async { await server.drain(over: time) }

    /// Serves an event whose first argument is an object.
    private func serve<Input: Decodable & Sendable>(
        _ event: String,
        _ body: @escaping @EventLoop @Sendable (SocketIOConnection, Input) async throws -> Announcement?
    ) {
        namespace.on(event) { socket, arguments, acknowledgement in
            guard let connection = socket.data as? SocketIOConnection else { return }
            EventLoop.start {
                await connection.answer(acknowledgement) {
                    // The client hears that the event is malformed; what is wrong with it, its developer finds.
                    guard let input = try? arguments.decode(Input.self, at: 0) else { throw Refusal.malformed }
                    return try await body(connection, input)
                }
            }
        }
    }
}

// Connections.
extension SocketIOServer {
    private func connect(_ socket: Socket, _ auth: [UInt8]) async throws {
        var connection: SocketIOConnection?
        do {
            // What is no such object is refused like an event of this kind.
            guard let credentials = try? StrictJSON.decode(Credentials.self, from: auth) else {
                throw Refusal.malformed
            }
            let current = try self.connection(of: socket)
            connection = current
            socket.data = current
            try await current.begin(on: socket, credentials)
            // The client may have left while the state of its rooms was awaited.
            if !socket.isConnected { current.disconnected(socket, socket.isRecovered ? .connection(.lost) : .client) }
        } catch {
            connection?.end()
            let refusal = error as? Refusal ?? .busy
            // Clients do not come back by themselves after a refusal; they do after a connection that was cut.
            guard ![.busy, .limit].contains(refusal) else { return socket.disconnect(close: true) }
            throw ConnectRefusal(refusal.rawValue, data: try JSONOutput.encode(RefusalView(refusal)))
        }
    }

    /// The connection that goes on with this socket, or a new one. Throws ``Refusal/expired`` if the client had rights that
    /// have ended: what it missed is not sent again.
    private func connection(of socket: Socket) throws(Refusal) -> SocketIOConnection {
        let earlier = (socket.data ?? socket.lost?.data) as? SocketIOConnection
        if let earlier, earlier.mayResume { return earlier }
        earlier?.end()
        if socket.isRecovered, earlier?.isRevoked != false { throw .expired }
        let client = Client(
            at: socket.origin.address, sharesRooms: true,
            permits: service.permission(of: socket.origin.page, host: socket.origin.host))
        return try SocketIOConnection(service, client, in: namespace)
    }
}

extension SocketServerOptions {
    /// Clients send little, and receive states of lines.
    fileprivate static func rooms(_ limits: RealtimeConfiguration) -> SocketServerOptions {
        // A name for each start: sessions of an earlier process are not found in this one.
        var engine = EngineOptions(instance: BaseEncoding.hexadecimal.encode(RandomBytes.make(8)))
        (engine.sessions, engine.sessionsPerSource) = (limits.clients, limits.clientsPerAddress)
        (engine.maxPayload, engine.queuedBytes) = (16 * 1024, 256 * 1024)
        return SocketServerOptions(engine: engine)
    }
}

/// What a client sends to connect.
struct Credentials: Decodable, Sendable {
    /// An access token, or the token of a display.
    let token: String?
    /// Rooms to join at once, by their names.
    let rooms: [String]?
    // Of the recovery, which Shared/SocketIO reads.
    private let pid: String?
    private let offset: String?

    /// The rooms that are named. Throws ``Refusal/malformed`` for a name of none, and for more than a client may be in.
    func wishes() throws(Refusal) -> [RoomWish] {
        guard (rooms ?? []).count <= Client.maximumRooms else { throw .malformed }
        let displayToken = token.flatMap { PresentedToken($0).display }
        var wishes: [RoomWish] = []
        for name in rooms ?? [] {
            guard let wish = RoomWish(name) else { throw .malformed }
            wishes.append(wish.presenting(displayToken: displayToken))
        }
        return wishes
    }
}
