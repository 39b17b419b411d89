package import EventLoop
import HTTPServer

/// One client in one namespace.
@EventLoop
package final class Socket {
    /// Serves an event of the client. `acknowledgement` is nil if the client awaits no answer.
    package typealias Handler = @EventLoop (Arguments, _ acknowledgement: Acknowledgement?) -> Void

    /// Names the socket. Other clients may know it.
    package let id: String
    /// Where it is connected.
    package let namespace: Namespace
    /// Where the client comes from.
    package let origin: ClientOrigin
    /// True if the client goes on where a lost connection ended: it is in its rooms, and gets what it missed.
    package let isRecovered: Bool
    /// What is left of a session that could not be recovered: the application should send the current state.
    package let lost: LostSession?
    /// What the application keeps with the socket. It survives a recovery.
    package var data: (any Sendable)?
    /// Tells the application on another instance who the client was. At most 1 KiB; set it while the client is being
    /// connected.
    package var identity: [UInt8] = []
    /// Called once when the socket is no longer connected.
    package var onDisconnect: (@EventLoop (DisconnectReason) -> Void)?

    /// Nil once disconnected.
    private(set) var client: SocketClient?
    private var memberships: [Membership] = []
    /// What was sent before the client is connected; nil afterwards.
    private var held: [EncodedEvent]? = []
    /// What the client sent before it is connected.
    private var waiting: [(SocketPacket, attachments: [[UInt8]])] = []
    private var waitingBytes = 0
    private var handlers: [String: Handler]?
    private var awaited: [Int: Promise<Arguments?>]?
    private var lastAwaited = 0
    /// The events that were sent to this socket alone.
    private var ownLog: EventLog?
    /// The client has received nothing earlier.
    private let connectedAt: UInt64
    /// The client was not sent anything later; nil once it is connected.
    private var resumedFrom: UInt64?

    init(_ client: SocketClient, _ namespace: Namespace, resuming saved: SavedSession?, lost: LostSession?) {
        (self.client, self.namespace, self.lost) = (client, namespace, lost)
        origin = client.session.origin
        isRecovered = saved != nil
        id = saved?.id ?? SocketID.make()
        connectedAt = saved?.connectedAt ?? namespace.sequence
        guard let saved else { return }
        (data, identity, ownLog) = (saved.data, saved.identity, saved.ownLog)
        (memberships, resumedFrom) = (saved.memberships, saved.endedAt)
    }

    /// True until the socket is disconnected.
    package var isConnected: Bool { client != nil }

    /// The names of its rooms.
    package var rooms: [String] { memberships.map(\.room.name) }

    /// Lets events to a room reach the client.
    package func join(_ room: String) {
        guard isConnected, !memberships.contains(where: { $0.room.name == room }) else { return }
        let joined = namespace.room(room)
        memberships.append(Membership(room: joined, since: namespace.sequence, place: joined.insert(self)))
    }

    /// The opposite of ``join(_:)``.
    package func leave(_ room: String) {
        guard let index = memberships.firstIndex(where: { $0.room.name == room }) else { return }
        release(memberships.remove(at: index))
    }

    /// Sets what serves an event of this client; without it the handler of the namespace does.
    package func on(_ event: String, _ handler: @escaping Handler) {
        handlers = (handlers ?? [:]).merging([event: handler]) { $1 }
    }

    /// Sends an event to this client alone.
    ///
    /// - Parameters:
    ///   - arguments: the JSON text of each argument.
    ///   - volatile: whether it may be lost while the client is not ready to receive.
    package func emit(_ event: String, _ arguments: [[UInt8]], attachments: [[UInt8]] = [], volatile: Bool = false) {
        guard isConnected else { return }
        let encoded = namespace.encode(event, arguments, attachments)
        if !volatile, let limits = namespace.recovery {
            if ownLog == nil { ownLog = EventLog(since: connectedAt) }
            ownLog?.append(encoded, limits)
        }
        deliver(encoded, volatile: volatile)
    }

    /// Sends an event and awaits the answer of the client; nil if it does not come in time. Such an event is not sent again
    /// after a recovery.
    package func request(
        _ event: String, _ arguments: [[UInt8]], attachments: [[UInt8]] = [], within time: Duration
    ) async -> Arguments? {
        guard isConnected, (awaited?.count ?? 0) < 64 else { return nil }
        lastAwaited += 1
        let (id, answer) = (lastAwaited, Promise<Arguments?>())
        awaited = (awaited ?? [:]).merging([id: answer]) { $1 }
        deliver(
            EncodedEvent(event, arguments, attachments: attachments, in: namespace.name, acknowledgement: id))
        let timer = EventLoop.schedule(after: time) { answer.fulfil(nil) }
        defer {
            timer.cancel()
            awaited?[id] = nil
        }
        return await answer.fulfilment()
    }

    /// Disconnects the client from the namespace for good: it does not come back by itself.
    ///
    /// - Parameter close: whether the connection below is closed, so that the client does come back.
    package func disconnect(close: Bool = false) {
        guard let client else { return }
        if close { return client.session.close(.server) }
        deliver(EncodedEvent(control: 1, in: namespace.name))
        client.forget(self)
        end(.server)
    }
}

// Delivery.
extension Socket {
    func deliver(_ event: EncodedEvent, volatile: Bool = false) {
        guard held == nil else {
            if !volatile { hold(event) }
            return
        }
        guard let client, !volatile || client.session.isWritable else { return }
        client.send(event)
    }

    private func hold(_ event: EncodedEvent) {
        held?.append(event)
        if let count = held?.count, count > 1000 { client?.session.close(.slowReader) }
    }

    /// Sends the answer to the connection, what the client missed, and what was held back.
    ///
    /// - Parameters:
    ///   - answer: the packet `CONNECT`.
    ///   - missed: the sequence after which the client has received nothing; nil for a new session.
    func accept(_ answer: EncodedEvent, missedAfter missed: UInt64?) {
        guard let client, var events = held else { return }
        (held, resumedFrom) = (nil, nil)
        client.send(answer)
        if let missed { events = merged(events, resume(after: missed)) }
        for event in events { client.send(event) }
        let packets = waiting
        waiting = []
        for (packet, attachments) in packets where isConnected { client.serve(packet, attachments, on: self) }
    }

    /// Enters the rooms of the saved session. Returns their events since `missed`.
    private func resume(after missed: UInt64) -> [EncodedEvent] {
        var events = Array(namespace.eventsOfAll(after: missed)) + (ownLog?.events(after: missed) ?? [])
        for index in memberships.indices where memberships[index].place == nil {
            let (room, since) = (memberships[index].room, memberships[index].since)
            events += room.log?.events(after: max(missed, since)) ?? []
            memberships[index].place = room.insert(self)
            room.release()
        }
        return events
    }

    /// In the order in which they were sent. An event may be among both.
    private func merged(_ held: [EncodedEvent], _ missed: [EncodedEvent]) -> [EncodedEvent] {
        var seen: Set<UInt64> = []
        return (held + missed).filter { $0.sequence == 0 || seen.insert($0.sequence).inserted }
            .sorted { $0.sequence < $1.sequence }
    }

    func moved(in room: Room, to place: Int) {
        guard let index = memberships.firstIndex(where: { $0.room === room }) else { return }
        memberships[index].place = place
    }
}

// Packets of the client.
extension Socket {
    /// True while the client is being connected.
    var isPending: Bool { held != nil }

    /// Keeps a packet until the client is connected. Returns false if there are too many packets or bytes.
    func wait(_ packet: SocketPacket, _ attachments: [[UInt8]], atMost limit: Int, bytes: Int) -> Bool {
        waiting.append((packet, attachments))
        waitingBytes += packet.size(with: attachments)
        return waiting.count <= limit && waitingBytes <= bytes
    }

    func receive(_ event: String, _ arguments: Arguments, acknowledgement id: Int?) {
        let acknowledgement = id.map { Acknowledgement($0, to: self) }
        if let handler = handlers?[event] { return handler(arguments, acknowledgement) }
        namespace.handlers[event]?(self, arguments, acknowledgement)
    }

    func receive(acknowledgement id: Int, _ arguments: Arguments) { awaited?[id]?.fulfil(arguments) }
}

// The end.
extension Socket {
    /// Takes the socket out of its rooms. Without effect the second time.
    func end(_ reason: DisconnectReason) {
        guard client != nil else { return }
        let wasConnected = held == nil
        let isKept = (wasConnected || isRecovered) && reason.isRecoverable && namespace.recovery != nil
        client = nil
        held = nil
        namespace.remove(self)
        if isKept { save() } else { memberships.forEach(release) }
        memberships = []
        for promise in (awaited ?? [:]).values { promise.fulfil(nil) }
        guard wasConnected else { return }
        onDisconnect?(reason)
        namespace.onDisconnect?(self, reason)
        (onDisconnect, handlers) = (nil, nil)
    }

    private func save() {
        var kept = memberships
        for index in kept.indices {
            guard let place = kept[index].place else { continue }
            kept[index].room.retain()
            kept[index].room.remove(at: place)
            kept[index].place = nil
        }
        namespace.save(
            SavedSession(
                id: id, memberships: kept, ownLog: ownLog, data: data, identity: identity, connectedAt: connectedAt,
                endedAt: resumedFrom ?? namespace.sequence))
    }

    private func release(_ membership: Membership) {
        if let place = membership.place { membership.room.remove(at: place) } else { membership.room.release() }
        namespace.discardIfEmpty(membership.room)
    }
}
