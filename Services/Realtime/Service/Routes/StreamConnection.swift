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

    init(_ service: RealtimeService, _ stream: EventStream, _ client: Client) {
        (self.service, self.stream, self.client) = (service, stream, client)
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

    func send(_ announcement: Announcement) { stream.send(announcement.streamed) }

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
