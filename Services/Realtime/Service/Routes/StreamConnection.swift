import EventLoop
import HTTPServer
import JSONCoding
import RealtimeDomain

/// One client of a stream of server-sent events.
@EventLoop
final class StreamConnection: Transport {
    private let service: RealtimeService
    private let stream: EventStream
    private let client: Client
    private let encoding: StreamEncoding

    init(_ service: RealtimeService, _ stream: EventStream, _ client: Client, _ encoding: StreamEncoding) {
        (self.service, self.stream, self.client, self.encoding) = (service, stream, client, encoding)
    }

    /// Joins the rooms, which were checked before. The stream keeps the connection until its end.
    func begin(_ wishes: [RoomWish]) {
        do {
            try service.clients.add(client)
        } catch {
            return end(error)
        }
        client.transport = self
        stream.onEnd = { [self] _ in service.clients.remove(client) }
        EventLoop.start { [self] in
            do {
                for wish in wishes { send(try await service.joinRoom(wish, client)) }
            } catch {
                end(error as? Refusal ?? .busy)
            }
        }
    }

    func send(_ announcement: Announcement) { stream.send(encoding.event(of: announcement)) }

    func revoked(_ reason: Refusal) { end(reason) }

    func left(_ room: Room) {
        stream.send(EncodedEvent("room:closed", text: "{}"))
        if client.rooms.isEmpty { stream.end() }
    }

    private func end(_ refusal: Refusal) {
        if let content = try? JSONOutput.encode(RefusalView(refusal)) {  // Two texts.
            stream.send(EncodedEvent("refused", data: content))
        }
        stream.end()
    }
}

/// Encodes each announcement once for all streams: they receive it one after the other.
@EventLoop
final class StreamEncoding {
    private var last: (announcement: Announcement, event: EncodedEvent)?

    /// The announcement as a server-sent event. It has no id: a client that comes back is sent the states of its rooms.
    func event(of announcement: Announcement) -> EncodedEvent {
        if let last, last.announcement === announcement { return last.event }
        let event = EncodedEvent(announcement.event, data: announcement.payload)
        last = (announcement, event)
        return event
    }
}
