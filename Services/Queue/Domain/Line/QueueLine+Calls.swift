package import Primitives
import WaitingLine

/// How the ticket at a counter ends when the counter calls another one.
package enum VisitEnding: String, CaseIterable, Sendable {
    /// The patient came.
    case finished
    /// The patient did not come.
    case missed
}

// The work of a counter.
extension QueueLine {
    /// Ends the visit at a counter and calls the next ticket. Returns the ticket that was called; nil if none waits.
    package mutating func callNext(
        at counter: Identifier<Counter>?, ending: VisitEnding
    ) throws(QueueError) -> Ticket? {
        let counter = try counterInService(counter)
        try free(counter, ending)
        guard let next = waiting.next.flatMap({ tickets[$0] }) else { return nil }
        return call(next, to: counter)
    }

    /// Calls this ticket, wherever it stands in the line.
    package mutating func call(
        _ ticket: Ticket, at counter: Identifier<Counter>?, ending: VisitEnding
    ) throws(QueueError) -> Ticket {
        try require(ticket, [.waiting, .held, .missed])
        let counter = try counterInService(counter)
        try free(counter, ending)
        return call(ticket, to: counter)
    }

    private mutating func call(_ ticket: Ticket, to counter: Counter) -> Ticket {
        let called = change(ticket, .called, undoFor: UndoableChange.staffWindow) { state, now in
            state.status = .called
            state.counter = counter.id
            state.calledAt = state.calledAt ?? now
            (state.lastCalledAt, state.recalls) = (now, 0)
        }
        recordApproaches()
        return called
    }

    private mutating func free(_ counter: Counter, _ ending: VisitEnding) throws(QueueError) {
        guard let present = ticket(at: counter.id) else { return }
        switch ending {
        case .finished: _ = try finish(present)
        case .missed: _ = try miss(present)
        }
    }

    /// Repeats the call. The measured wait ended with the first one.
    package mutating func recall(_ ticket: Ticket) throws(QueueError) -> Ticket {
        try require(ticket, [.called])
        let limit = queue.settings.recallLimit
        guard ticket.state.recalls < limit else { throw .recallLimit(limit) }
        return change(ticket, .recalled) { state, now in
            state.recalls += 1
            state.lastCalledAt = now
        }
    }

    /// Begins the visit.
    package mutating func serve(_ ticket: Ticket) throws(QueueError) -> Ticket {
        try require(ticket, [.called])
        return change(ticket, .served) { state, now in (state.status, state.servedAt) = (.serving, now) }
    }

    /// Ends the visit.
    package mutating func finish(_ ticket: Ticket) throws(QueueError) -> Ticket {
        try require(ticket, [.called, .serving])
        return change(ticket, .finished, undoFor: UndoableChange.staffWindow) { state, now in
            (state.status, state.endedAt) = (.finished, now)
        }
    }

    /// Records that the called patient did not come.
    package mutating func miss(_ ticket: Ticket) throws(QueueError) -> Ticket {
        try require(ticket, [.called])
        return change(ticket, .missed, undoFor: UndoableChange.staffWindow) { state, _ in state.status = .missed }
    }

    func require(_ ticket: Ticket, _ statuses: Set<TicketStatus>) throws(QueueError) {
        guard statuses.contains(ticket.state.status) else { throw .transitionNotAllowed(from: ticket.state.status) }
    }

    /// Changes the state of a ticket and records the fact.
    ///
    /// - Parameter window: how long the change can be undone; nil if it cannot.
    mutating func change(
        _ ticket: Ticket, _ verb: LineVerb, undoFor window: Duration? = nil, byPatient isByPatient: Bool = false,
        _ transform: (inout TicketState, Instant) -> Void
    ) -> Ticket {
        var changed = ticket
        changed.undo = window.map { UndoableChange(before: ticket.state, until: now + $0, isByPatient: isByPatient) }
        transform(&changed.state, now)
        record(verb, changed)
        return changed
    }
}
