package import Primitives
package import WaitingLine

/// A ticket that is to join a line.
package struct Newcomer: Sendable {
    package let id: Identifier<Ticket>
    package let tokenDigest: [UInt8]
    package let source: TicketSource
    package let priority: TicketPriority
    package let careType: CareName?
    /// The appointment and when it is due.
    package let appointment: (id: Identifier<BookedAppointment>, due: Instant)?

    package init(
        id: Identifier<Ticket>, tokenDigest: [UInt8], source: TicketSource, priority: TicketPriority = .normal,
        careType: CareName? = nil, appointment: (id: Identifier<BookedAppointment>, due: Instant)? = nil
    ) {
        (self.id, self.tokenDigest, self.source) = (id, tokenDigest, source)
        (self.priority, self.careType, self.appointment) = (priority, careType, appointment)
    }

    /// The place of a newcomer who joins at `now`.
    package func place(at now: Instant) -> Place {
        appointment.map { Place(arrivingAt: now, forAppointmentAt: $0.due) } ?? Place(joiningAt: now, priority)
    }
}

extension QueueLine {
    /// Adds a ticket. Patients join open queues with room; staff add tickets to any queue.
    ///
    /// - Parameters:
    ///   - open: how many tickets of the queue are open.
    ///   - today: the present day on the calendar of the tenant.
    package mutating func join(_ newcomer: Newcomer, open: Int, today: LocalDay) throws(QueueError) -> Ticket {
        if newcomer.source == .code {
            guard queue.isOpen else { throw .queueClosed }
            guard open < queue.settings.capacity else { throw .queueFull(limit: queue.settings.capacity) }
        }
        guard open < Queue.maximumTickets else { throw .queueFull(limit: Queue.maximumTickets) }
        let priority: TicketPriority = newcomer.appointment == nil ? newcomer.priority : .appointment
        var ticket = Ticket(
            id: newcomer.id, queue: queue.id, number: queue.takeNumber(on: today), tokenDigest: newcomer.tokenDigest,
            joinedAt: now, source: newcomer.source, careType: newcomer.careType,
            appointment: newcomer.appointment?.id, state: TicketState(waitingAt: newcomer.place(at: now), priority))
        // The answer says the position: there is no approach to publish.
        waiting.insert(ticket.id, at: ticket.state.place)
        ticket.state.isNear = waiting.rank(of: ticket.id).map { $0 <= queue.settings.nearAt } ?? false
        record(.joined, ticket)
        recordApproaches()
        return ticket
    }

    /// Takes a ticket from another line. It keeps its place, and so the time that it has waited.
    ///
    /// - Parameters:
    ///   - id: the id of the ticket in this line.
    ///   - tokenDigest: the digest of its token.
    package mutating func take(
        _ ticket: Ticket, as id: Identifier<Ticket>, tokenDigest: [UInt8], today: LocalDay
    ) -> Ticket {
        let taken = Ticket(
            id: id, queue: queue.id, number: queue.takeNumber(on: today), tokenDigest: tokenDigest,
            joinedAt: ticket.joinedAt, source: .transfer, careType: ticket.careType, appointment: ticket.appointment,
            state: TicketState(waitingAt: ticket.state.place, ticket.state.priority))
        record(.joined, taken)
        recordApproaches()
        return tickets[taken.id] ?? taken
    }
}
