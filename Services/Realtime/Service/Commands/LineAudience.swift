import EventLoop
import GuichetProtocol
import Primitives
import RealtimeDomain

/// The rooms of one line, and what was sent to them last.
@EventLoop
struct LineAudience {
    /// The room of one patient: usually one telephone.
    @EventLoop
    private final class PatientRoom {
        var members: Members
        var sent: PatientView?

        init(_ room: Room) { members = Members(of: room) }
    }

    private var staff: Members
    private var displays: Members
    private var patients: [String: PatientRoom] = [:]

    nonisolated init(of line: LineKey) { (staff, displays) = (Members(of: .staff(line)), Members(of: .display(line))) }

    var isEmpty: Bool { staff.isEmpty && displays.isEmpty && patients.isEmpty }

    mutating func join(_ room: Room, _ client: Client) {
        switch room {
        case .staff: staff.insert(client)
        case .display: displays.insert(client)
        case .patient(_, let holder):
            let patient = patients[holder] ?? PatientRoom(room)
            patient.members.insert(client)
            patients[holder] = patient
        case .clinic, .user: preconditionFailure("\(room) shows no line")
        }
    }

    mutating func leave(_ room: Room, _ client: Client) {
        switch room {
        case .staff: staff.remove(client)
        case .display: displays.remove(client)
        case .patient(_, let holder):
            patients[holder]?.members.remove(client)
            if patients[holder]?.members.isEmpty == true { patients[holder] = nil }
        case .clinic, .user: preconditionFailure("\(room) shows no line")
        }
    }

    /// Sends what an event says by itself.
    func tell(_ change: LineChange, _ state: LineState, _ presence: LinePresence.Observation) throws {
        switch change.verb {
        case .called, .recalled: try tellCall(change)
        case .approached:
            guard let ticket = change.ticket, let room = patients[ticket.tokenDigest] else { return }
            let notice = NearTurn(ticket, ahead: state.rank(of: ticket.id), change)
            room.members.send(try Announcement("turn:near", notice))
        case .opened: try tellAll("queue:opened", QueueNotice(change, orElse: "La file est ouverte."))
        case .closed: try tellAll("queue:closed", QueueNotice(change, orElse: "La file est fermée."))
        case .announced where change.line.message != nil:
            try tellAll("queue:message", QueueNotice(change, orElse: ""))
        case .exceeded: staff.send(try Announcement("queue:alert", StaffView(state, nil, presence)))
        default: break
        }
    }

    /// Sends the state to those for whom it has changed.
    func send(_ state: LineState, _ presence: LinePresence.Observation, at now: Instant) throws {
        try sendToStaff(state, presence, at: now)
        let forecast = state.forecast(at: now)
        if !displays.isEmpty { displays.send(try Announcement("display:update", DisplayView(state))) }
        for (holder, room) in patients {
            guard let ticket = state.ticket(ofHolder: holder) else { continue }
            let view = PatientView(ticket, in: state, forecast)
            guard view.differs(from: room.sent) else { continue }
            room.sent = view
            room.members.send(try Announcement("position:updated", view))
        }
    }

    /// Sends the state to staff alone.
    func sendToStaff(_ state: LineState, _ presence: LinePresence.Observation, at now: Instant) throws {
        guard !staff.isEmpty else { return }
        staff.send(try Announcement("queue:updated", StaffView(state, state.forecast(at: now), presence)))
    }

    /// What a room shows.
    func show(
        _ room: Room, _ state: LineState, _ presence: LinePresence.Observation, at now: Instant
    ) throws -> Announcement {
        switch room {
        case .staff: return try Announcement("queue:updated", StaffView(state, state.forecast(at: now), presence))
        case .display: return try Announcement("display:update", DisplayView(state))
        case .patient(_, let holder):
            guard let ticket = state.ticket(ofHolder: holder) else { throw Refusal.notFound }
            let view = PatientView(ticket, in: state, state.forecast(at: now))
            if patients[holder]?.members.count == 1 { patients[holder]?.sent = view }
            return try Announcement("position:updated", view)
        case .clinic, .user: preconditionFailure("\(room) shows no line")
        }
    }

    /// Closes the rooms of patients whose ticket the line no longer has, or whose token was replaced.
    mutating func closeRooms(without state: LineState) {
        for (holder, room) in patients where state.ticket(ofHolder: holder) == nil {
            patients[holder] = nil
            room.members.sendAway()
        }
    }

    /// Closes all rooms.
    mutating func closeRooms() {
        let rooms = [staff, displays] + patients.values.map(\.members)
        (staff, displays, patients) = (Members(of: staff.room), Members(of: displays.room), [:])
        for members in rooms { members.sendAway() }
    }

    /// The patients and displays that listen.
    func connected(to state: LineState) -> LinePresence.Observation {
        var observation = LinePresence.Observation()
        for (holder, room) in patients where !room.members.present.isEmpty {
            if let ticket = state.ticket(ofHolder: holder) { observation.tickets.insert(ticket.id) }
        }
        for client in displays.present {
            if case .display(let display, _) = client.rooms[displays.room] { observation.displays.insert(display) }
        }
        return observation
    }

    private func tellCall(_ change: LineChange) throws {
        guard let ticket = change.ticket else { return }
        if !displays.isEmpty { displays.send(try Announcement("display:called", DisplayCall(ticket, change))) }
        let room = patients[ticket.tokenDigest]
        guard room != nil || !staff.isEmpty else { return }
        let call = PatientCall(ticket, change)
        let announcement = try Announcement("patient:called", call)
        staff.send(announcement)
        room?.members.send(announcement)
        room?.members.send(try Announcement("turn:called", call))
    }

    private func tellAll(_ event: String, _ notice: QueueNotice) throws {
        guard !isEmpty else { return }
        let announcement = try Announcement(event, notice)
        staff.send(announcement)
        displays.send(announcement)
        for room in patients.values { room.members.send(announcement) }
    }
}
