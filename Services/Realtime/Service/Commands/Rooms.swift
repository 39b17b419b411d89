import EventLoop
import RealtimeDomain

/// Who listens to what: the rooms of all transports.
@EventLoop
final class Rooms {
    private let lines: Lines
    /// The rooms that show no line.
    private var members: [Room: Members] = [:]

    init(_ lines: Lines) { self.lines = lines }

    /// Adds a client to a room. Joining a room again has no effect.
    func join(_ room: Room, _ client: Client, by grant: Client.Grant) throws(Refusal) {
        guard client.rooms[room] != nil || client.rooms.count < Client.maximumRooms else { throw .limit }
        client.note(room, opened: grant)
        if let line = room.line {
            lines.follow(line).join(room, client)
        } else {
            members[room, default: Members(of: room)].insert(client)
        }
    }

    /// Removes a client from a room.
    func leave(_ room: Room, _ client: Client) {
        client.noteLeft(room)
        if let line = room.line {
            lines.find(line)?.leave(room, client)
        } else {
            members[room]?.remove(client)
            if members[room]?.isEmpty == true { members[room] = nil }
        }
    }

    /// Notes that the connection of a client is lost or recovered, so that staff see who listens.
    func note(_ client: Client, isAway: Bool) {
        client.isAway = isAway
        for room in client.rooms.keys { room.line.flatMap(lines.find)?.observeSoon() }
    }

    /// Whether a client is in a room without a line.
    func hasClients(in room: Room) -> Bool { members[room] != nil }

    /// Sends what concerns a room without a line. `announcement` is made only if there is a client.
    func announce(in room: Room, _ announcement: () throws -> Announcement) rethrows {
        guard let members = members[room] else { return }
        members.send(try announcement())
    }
}
