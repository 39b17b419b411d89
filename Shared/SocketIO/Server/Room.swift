import EventLoop

/// The sockets that get the same events, and what they were sent lately.
@EventLoop
final class Room {
    let name: String
    private(set) var members: [Socket] = []
    /// Sessions that may come back, or are about to.
    private var absentees = 0
    /// Nil until there is something to keep.
    private(set) var log: EventLog?
    private let createdAt: UInt64

    init(_ name: String, createdAt sequence: UInt64) { (self.name, createdAt) = (name, sequence) }

    var isEmpty: Bool { members.isEmpty && absentees == 0 }

    /// Returns the place of the new member.
    func insert(_ socket: Socket) -> Int {
        members.append(socket)
        return members.count - 1
    }

    /// The last member takes the place of the one that leaves.
    func remove(at place: Int) {
        let last = members.removeLast()
        guard place < members.count else { return }
        members[place] = last
        last.moved(in: self, to: place)
    }

    func retain() { absentees += 1 }
    func release() { absentees -= 1 }

    func record(_ event: EncodedEvent, _ limits: RecoveryLimits) {
        if log == nil { log = EventLog(since: createdAt) }
        log?.append(event, limits)
    }

    func prune(before time: ContinuousClock.Instant) {
        log?.prune(before: time)
    }
}

/// That a socket belongs to a room.
struct Membership {
    let room: Room
    /// Earlier events do not concern the socket.
    let since: UInt64
    /// Among the members of the room; nil while the socket gets no events yet.
    var place: Int?
}
