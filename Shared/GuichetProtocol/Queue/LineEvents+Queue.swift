// The events of a line that concern no ticket.

/// The queue opened: patients can join.
package struct LineOpened: LineEvent {
    package static let name = EventName("queue", "line", "opened", version: 1)
    package var line: LineSnapshot
    package var ticket: TicketSnapshot?
    package init(line: LineSnapshot, ticket: TicketSnapshot?) { (self.line, self.ticket) = (line, ticket) }
}

/// The queue closed: patients can no longer join.
package struct LineClosed: LineEvent {
    package static let name = EventName("queue", "line", "closed", version: 1)
    package var line: LineSnapshot
    package var ticket: TicketSnapshot?
    package init(line: LineSnapshot, ticket: TicketSnapshot?) { (self.line, self.ticket) = (line, ticket) }
}

/// The message to everyone who waits changed, or was withdrawn.
package struct LineAnnounced: LineEvent {
    package static let name = EventName("queue", "line", "announced", version: 1)
    package var line: LineSnapshot
    package var ticket: TicketSnapshot?
    package init(line: LineSnapshot, ticket: TicketSnapshot?) { (self.line, self.ticket) = (line, ticket) }
}

/// The settings or the counters of the queue changed.
package struct LineChanged: LineEvent {
    package static let name = EventName("queue", "line", "changed", version: 1)
    package var line: LineSnapshot
    package var ticket: TicketSnapshot?
    package init(line: LineSnapshot, ticket: TicketSnapshot?) { (self.line, self.ticket) = (line, ticket) }
}

/// The number of waiting tickets or the longest wait exceeded its limit.
package struct LineExceeded: LineEvent {
    package static let name = EventName("queue", "line", "exceeded", version: 1)
    package var line: LineSnapshot
    package var ticket: TicketSnapshot?
    package init(line: LineSnapshot, ticket: TicketSnapshot?) { (self.line, self.ticket) = (line, ticket) }
}
