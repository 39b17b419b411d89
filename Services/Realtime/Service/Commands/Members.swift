import EventLoop
import RealtimeDomain

/// The clients in a room.
@EventLoop
struct Members {
    let room: Room
    private var single: [ObjectIdentifier: Client] = [:]
    /// Those whose transport has the same rooms, and sends to all of them at once.
    private var sharing: [ObjectIdentifier: Client] = [:]

    nonisolated init(of room: Room) { self.room = room }

    var isEmpty: Bool { single.isEmpty && sharing.isEmpty }
    var count: Int { single.count + sharing.count }
    var clients: [Client] { Array(single.values) + sharing.values }
    /// Those whose connection is not lost.
    var present: [Client] { clients.filter { !$0.isAway } }

    mutating func insert(_ client: Client) {
        if client.sharesRooms {
            sharing[ObjectIdentifier(client)] = client
        } else {
            single[ObjectIdentifier(client)] = client
        }
    }

    mutating func remove(_ client: Client) {
        single[ObjectIdentifier(client)] = nil
        sharing[ObjectIdentifier(client)] = nil
    }

    func send(_ announcement: Announcement) {
        for client in single.values { client.transport?.send(announcement) }
        sharing.first?.value.transport?.broadcast(announcement, to: room)
    }

    /// Has every client leave the room, which has ended.
    func sendAway() {
        for client in clients {
            client.noteLeft(room)
            client.transport?.left(room)
        }
    }
}
