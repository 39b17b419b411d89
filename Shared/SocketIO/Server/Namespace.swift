package import EventLoop
import Runtime

/// A group of sockets with its own rooms and events.
@EventLoop
package final class Namespace {
    /// Decides on a connection. `auth` is the JSON object that the client sent; what the handler emits follows the answer.
    /// It also runs for a client that is recovered, before the client gets what it missed.
    package typealias ConnectHandler = @EventLoop @Sendable (Socket, _ auth: [UInt8]) async throws -> Void
    /// Serves an event of any socket.
    package typealias Handler = @EventLoop (Socket, Arguments, _ acknowledgement: Acknowledgement?) -> Void

    /// `/`, or the path of the namespace.
    package let name: String
    /// Nil accepts every client.
    package var onConnect: ConnectHandler?
    /// Called once for each socket that was connected.
    package var onDisconnect: (@EventLoop (Socket, DisconnectReason) -> Void)?

    private(set) var handlers: [String: Handler] = [:]
    /// The number of events that were sent. It orders those of all rooms.
    private(set) var sequence: UInt64 = 0
    let sessions: RecoverableSessions?
    private var sockets: [String: Socket] = [:]
    private var rooms: [String: Room] = [:]
    /// Stands for all sockets.
    private let everyone = Room("", createdAt: 0)
    private let metrics: SocketMetrics
    private let log = Logger("socketio")
    private var sweep: LoopTimer?

    var recovery: RecoveryLimits? { sessions?.recovery.limits }

    init(_ name: String, _ recovery: Recovery?, metrics: SocketMetrics) {
        (self.name, self.metrics) = (name, metrics)
        sessions = recovery.map { RecoverableSessions($0, namespace: name) }
        if let limits = sessions?.recovery.limits { scheduleSweep(every: limits.window / 2) }
    }

    /// The sockets that are connected, or are being connected.
    package var socketCount: Int { sockets.count }

    /// The socket with this id.
    package func socket(_ id: String) -> Socket? { sockets[id] }

    /// The number of sockets in a room.
    package func memberCount(of room: String) -> Int { rooms[room]?.members.count ?? 0 }

    /// Sets what serves an event, for all sockets that have no handler of their own.
    package func on(_ event: String, _ handler: @escaping Handler) { handlers[event] = handler }

    /// Sends an event to the sockets of a room, encoded once for all.
    ///
    /// - Parameters:
    ///   - arguments: the JSON text of each argument.
    ///   - room: nil for all sockets.
    ///   - volatile: whether it may be lost for clients that are not ready to receive.
    package func emit(
        _ event: String, _ arguments: [[UInt8]], attachments: [[UInt8]] = [], to room: String?, volatile: Bool = false
    ) {
        guard let room else {
            guard !sockets.isEmpty || sessions?.isEmpty == false else { return }
            let encoded = encode(event, arguments, attachments)
            record(encoded, in: everyone, volatile)
            for socket in sockets.values { socket.deliver(encoded, volatile: volatile) }
            return
        }
        guard let room = rooms[room] else { return }
        let encoded = encode(event, arguments, attachments)
        record(encoded, in: room, volatile)
        for socket in room.members { socket.deliver(encoded, volatile: volatile) }
    }

    /// The event with its place in the sequence. Volatile events have one too: clients remember the last text of any event.
    func encode(_ event: String, _ arguments: [[UInt8]], _ attachments: [[UInt8]]) -> EncodedEvent {
        guard sessions != nil else { return EncodedEvent(event, arguments, attachments: attachments, in: name) }
        sequence += 1
        return EncodedEvent(event, arguments, attachments: attachments, in: name, sequence: sequence)
    }

    private func record(_ event: EncodedEvent, in room: Room, _ volatile: Bool) {
        if !volatile, let recovery { room.record(event, recovery) }
    }

    func eventsOfAll(after sequence: UInt64) -> ArraySlice<EncodedEvent> {
        everyone.log?.events(after: sequence) ?? []
    }
}

// Rooms.
extension Namespace {
    func room(_ name: String) -> Room {
        if let room = rooms[name] { return room }
        let room = Room(name, createdAt: sequence)
        rooms[name] = room
        return room
    }

    func discardIfEmpty(_ room: Room) {
        if room.isEmpty { rooms[room.name] = nil }
    }

    private func scheduleSweep(every interval: Duration) {
        sweep = EventLoop.schedule(after: interval) { [weak self] in
            guard let self, let recovery else { return }
            let start = ContinuousClock.now - recovery.window
            everyone.prune(before: start)
            for room in rooms.values { room.prune(before: start) }
            sessions?.takeExpired(at: .now).forEach(discard)
            scheduleSweep(every: interval)
        }
    }
}

// Connections.
extension Namespace {
    /// What a connection that is accepted is answered.
    struct Acceptance {
        /// The name under which the client may go on later; nil without recovery.
        let sealed: String?
        /// The client has received nothing after it; nil for a new session.
        let missedAfter: UInt64?
    }

    /// Makes the socket of a client, which goes on with an earlier session if there is one.
    func prepare(_ request: RecoveryRequest?, for client: SocketClient) -> (Socket, Acceptance) {
        guard let sessions, let request, let ticket = sessions.open(request.sealed) else {
            return (register(Socket(client, self, resuming: nil, lost: nil)), Acceptance(sealed: nil, missedAfter: nil))
        }
        // The old connection may seem alive for a while after the client has left it.
        sockets[ticket.id]?.client?.session.close(.replaced)
        sessions.takeExpired(at: .now).forEach(discard)
        guard let saved = sessions.take(ticket.id) else {
            metrics.countUnrecoverable()
            let lost = LostSession(.notHere, rooms: ticket.rooms, identity: ticket.identity, data: nil)
            return (
                register(Socket(client, self, resuming: nil, lost: lost)), Acceptance(sealed: nil, missedAfter: nil)
            )
        }
        let missed = request.missedAfter(saved)
        guard saved.isComplete(after: missed), everyone.log?.isComplete(after: missed) ?? true else {
            metrics.countUnrecoverable()
            discard(saved)
            let lost = LostSession(
                .tooOld, rooms: saved.memberships.map(\.room.name), identity: saved.identity, data: saved.data)
            return (
                register(Socket(client, self, resuming: nil, lost: lost)), Acceptance(sealed: nil, missedAfter: nil)
            )
        }
        return (
            register(Socket(client, self, resuming: saved, lost: nil)),
            Acceptance(sealed: request.sealed, missedAfter: missed)
        )
    }

    /// Lets the application decide, and answers the client.
    func admit(_ socket: Socket, auth: [UInt8], _ acceptance: Acceptance) {
        guard let onConnect else { return accept(socket, acceptance) }
        EventLoop.start {
            do {
                try await onConnect(socket, auth)
                self.accept(socket, acceptance)
            } catch let refusal as ConnectRefusal {
                self.refuse(socket, refusal)
            } catch {
                self.log.error("a connection failed", [.error: String(reflecting: error)])
                socket.client?.session.close(.server)
            }
        }
    }

    private func accept(_ socket: Socket, _ acceptance: Acceptance) {
        var content = #"{"sid":"\#(socket.id)""#
        if let sessions {
            if acceptance.missedAfter != nil { metrics.countRecovered() }
            let ticket = RecoveryTicket(id: socket.id, rooms: socket.rooms, identity: socket.identity)
            content += #","pid":"\#(acceptance.sealed ?? sessions.seal(ticket))""#
        }
        socket.accept(
            EncodedEvent(control: 0, content + "}", in: name), missedAfter: acceptance.missedAfter)
    }

    private func refuse(_ socket: Socket, _ refusal: ConnectRefusal) {
        guard let client = socket.client else { return }
        metrics.countRefused()
        client.send(EncodedEvent(control: 4, refusal.content, in: name))
        client.forget(socket)
        socket.end(.server)
    }

    private func register(_ socket: Socket) -> Socket {
        sockets[socket.id] = socket
        return socket
    }

    func remove(_ socket: Socket) { sockets[socket.id] = nil }

    func save(_ session: SavedSession) { sessions?.save(session).forEach(discard) }

    private func discard(_ session: SavedSession) {
        for membership in session.memberships {
            membership.room.release()
            discardIfEmpty(membership.room)
        }
    }
}
