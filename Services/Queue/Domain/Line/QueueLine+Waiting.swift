package import Primitives
package import WaitingLine

/// Who asks for a change of a ticket.
package enum TicketParty: Sendable {
    /// The patient, by the token of the ticket.
    case patient
    /// Someone who works for the clinic.
    case staff
}

// What happens to tickets away from the counters.
extension QueueLine {
    /// How often patients may return by themselves.
    private static let returnLimit = 3

    /// Lets a ticket wait again after a missed call or after it was put aside, behind the next ones.
    package mutating func readmit(_ ticket: Ticket, by party: TicketParty) throws(QueueError) -> Ticket {
        try require(ticket, party == .patient ? [.missed] : [.missed, .held])
        if party == .patient, ticket.state.returns >= Self.returnLimit { throw .returnLimit(Self.returnLimit) }
        let place = waiting.place(behind: queue.settings.returnBehind, orElse: ticket.state.place)
        return rejoin(ticket, .returned, at: max(place, ticket.state.place), by: party)
    }

    /// Moves a waiting ticket of a patient who is late behind the next ones after it.
    package mutating func delay(_ ticket: Ticket) throws(QueueError) -> Ticket {
        try require(ticket, [.waiting])
        guard ticket.state.returns < Self.returnLimit else { throw .returnLimit(Self.returnLimit) }
        let behind = waiting.entries.drop { $0.ticket != ticket.id }.dropFirst().prefix(queue.settings.returnBehind)
        guard let last = behind.last else { throw .lastInLine }
        return rejoin(ticket, .moved, at: last.place.after, by: .patient)
    }

    private mutating func rejoin(
        _ ticket: Ticket, _ verb: LineVerb, at place: Place, by party: TicketParty
    ) -> Ticket {
        let changed = change(ticket, verb) { state, _ in
            (state.status, state.place, state.isNear, state.recalls) = (.waiting, place, false, 0)
            if party == .patient { state.returns += 1 }
        }
        recordApproaches()
        return tickets[changed.id] ?? changed
    }

    /// Puts a ticket aside. It keeps its place.
    package mutating func hold(_ ticket: Ticket) throws(QueueError) -> Ticket {
        try require(ticket, [.waiting, .called])
        let held = change(ticket, .held) { state, _ in state.status = .held }
        recordApproaches()
        return held
    }

    /// Lets a ticket that was put aside wait again at its old place.
    package mutating func resume(_ ticket: Ticket) throws(QueueError) -> Ticket {
        try require(ticket, [.held])
        let resumed = change(ticket, .resumed) { state, _ in state.status = .waiting }
        recordApproaches()
        return tickets[resumed.id] ?? resumed
    }

    /// Lets a ticket leave before its visit.
    package mutating func leave(_ ticket: Ticket, by party: TicketParty) throws(QueueError) -> Ticket {
        try require(ticket, [.waiting, .called, .held, .missed])
        let window = party == .patient ? UndoableChange.patientWindow : UndoableChange.staffWindow
        let left = change(ticket, .left, undoFor: window, byPatient: party == .patient) { state, now in
            (state.status, state.endedAt) = (.left, now)
        }
        recordApproaches()
        return left
    }

    /// Changes the priority, and with it the place.
    package mutating func prioritise(_ ticket: Ticket, _ priority: TicketPriority) throws(QueueError) -> Ticket {
        try require(ticket, [.waiting, .held])
        guard ticket.state.priority != priority else { return ticket }
        let changed = change(ticket, .moved) { state, _ in
            state.place = state.place.changing(from: state.priority, to: priority)
            (state.priority, state.isNear) = (priority, false)
        }
        recordApproaches()
        return tickets[changed.id] ?? changed
    }

    /// Sends a ticket to another queue, where `successor` waits for it.
    package mutating func transfer(_ ticket: Ticket, to successor: Identifier<Ticket>) throws(QueueError) -> Ticket {
        try require(ticket, [.waiting, .called, .serving, .held, .missed])
        let transferred = change(ticket, .transferred, undoFor: UndoableChange.staffWindow) { state, now in
            (state.status, state.endedAt, state.successor) = (.transferred, now, successor)
        }
        recordApproaches()
        return transferred
    }

    /// Undoes the last change of a ticket. A ticket whose counter has another one by now waits at its old place if the
    /// patient undoes that they left, and stays as it is otherwise.
    package mutating func undo(_ ticket: Ticket, by party: TicketParty) throws(QueueError) -> Ticket {
        guard let change = ticket.undo, party == .staff || change.isByPatient else { throw .nothingToUndo }
        guard now <= change.until else { throw .undoTooLate }
        var restored = ticket
        (restored.state, restored.undo) = (change.before, nil)
        if let counter = change.before.counter, change.before.status.isAtCounter {
            let isFree = self.ticket(at: counter) == nil && counters.contains { $0.id == counter && $0.isInService }
            if !isFree {
                guard party == .patient else { throw .counterOccupied }
                restored.state.status = .waiting
            }
        }
        record(.restored, restored)
        recordApproaches()
        return tickets[restored.id] ?? restored
    }

    /// Takes back a ticket that came from another line. Throws ``QueueError/undoTooLate`` once it was called.
    package mutating func withdraw(_ ticket: Ticket) throws(QueueError) {
        guard [.waiting, .held].contains(ticket.state.status), ticket.state.calledAt == nil else { throw .undoTooLate }
        _ = change(ticket, .left) { state, now in (state.status, state.endedAt) = (.left, now) }
        recordApproaches()
    }
}
