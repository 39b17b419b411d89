/// An event of a line.
package protocol LineEvent: Event {
    var line: LineSnapshot { get }
    var ticket: TicketSnapshot? { get }
    init(line: LineSnapshot, ticket: TicketSnapshot?)
}

extension LineEvent {
    package static var family: (any EventFamily.Type)? { LineData.self }
}

/// What every event of a line carries: what everyone sees of the line, and the ticket that changed. The aggregate is the
/// line, identified by its queue. Its versions count the changes of the line without gaps, so a reader that has all tickets
/// and every later event has the present line.
package struct LineData: EventFamily {
    /// The line after the event.
    package var line: LineSnapshot
    /// The ticket after the event; absent when the event concerns the line alone.
    package var ticket: TicketSnapshot?

    package init(line: LineSnapshot, ticket: TicketSnapshot?) { (self.line, self.ticket) = (line, ticket) }
}

/// A ticket joined the line.
package struct LineJoined: LineEvent {
    package static let name = EventName("queue", "line", "joined", version: 1)
    package var line: LineSnapshot
    package var ticket: TicketSnapshot?
    package init(line: LineSnapshot, ticket: TicketSnapshot?) { (self.line, self.ticket) = (line, ticket) }
}

/// A counter called a ticket.
package struct LineCalled: LineEvent {
    package static let name = EventName("queue", "line", "called", version: 1)
    package var line: LineSnapshot
    package var ticket: TicketSnapshot?
    package init(line: LineSnapshot, ticket: TicketSnapshot?) { (self.line, self.ticket) = (line, ticket) }
}

/// The call of a ticket was repeated. The measured wait of the ticket ended with the first call.
package struct LineRecalled: LineEvent {
    package static let name = EventName("queue", "line", "recalled", version: 1)
    package var line: LineSnapshot
    package var ticket: TicketSnapshot?
    package init(line: LineSnapshot, ticket: TicketSnapshot?) { (self.line, self.ticket) = (line, ticket) }
}

/// The visit of a ticket began.
package struct LineServed: LineEvent {
    package static let name = EventName("queue", "line", "served", version: 1)
    package var line: LineSnapshot
    package var ticket: TicketSnapshot?
    package init(line: LineSnapshot, ticket: TicketSnapshot?) { (self.line, self.ticket) = (line, ticket) }
}

/// The visit of a ticket ended.
package struct LineFinished: LineEvent {
    package static let name = EventName("queue", "line", "finished", version: 1)
    package var line: LineSnapshot
    package var ticket: TicketSnapshot?
    package init(line: LineSnapshot, ticket: TicketSnapshot?) { (self.line, self.ticket) = (line, ticket) }
}

/// A called patient did not come.
package struct LineMissed: LineEvent {
    package static let name = EventName("queue", "line", "missed", version: 1)
    package var line: LineSnapshot
    package var ticket: TicketSnapshot?
    package init(line: LineSnapshot, ticket: TicketSnapshot?) { (self.line, self.ticket) = (line, ticket) }
}

/// A ticket that was missed, held or late waits again, at a new place.
package struct LineReturned: LineEvent {
    package static let name = EventName("queue", "line", "returned", version: 1)
    package var line: LineSnapshot
    package var ticket: TicketSnapshot?
    package init(line: LineSnapshot, ticket: TicketSnapshot?) { (self.line, self.ticket) = (line, ticket) }
}

/// A ticket was put aside until staff resume it. It keeps its place.
package struct LineHeld: LineEvent {
    package static let name = EventName("queue", "line", "held", version: 1)
    package var line: LineSnapshot
    package var ticket: TicketSnapshot?
    package init(line: LineSnapshot, ticket: TicketSnapshot?) { (self.line, self.ticket) = (line, ticket) }
}

/// A ticket that was put aside waits again, at its old place.
package struct LineResumed: LineEvent {
    package static let name = EventName("queue", "line", "resumed", version: 1)
    package var line: LineSnapshot
    package var ticket: TicketSnapshot?
    package init(line: LineSnapshot, ticket: TicketSnapshot?) { (self.line, self.ticket) = (line, ticket) }
}

/// A ticket left the line before its visit, by the patient or by staff.
package struct LineLeft: LineEvent {
    package static let name = EventName("queue", "line", "left", version: 1)
    package var line: LineSnapshot
    package var ticket: TicketSnapshot?
    package init(line: LineSnapshot, ticket: TicketSnapshot?) { (self.line, self.ticket) = (line, ticket) }
}

/// A ticket left this line for another one, which publishes that it joined.
package struct LineTransferred: LineEvent {
    package static let name = EventName("queue", "line", "transferred", version: 1)
    package var line: LineSnapshot
    package var ticket: TicketSnapshot?
    package init(line: LineSnapshot, ticket: TicketSnapshot?) { (self.line, self.ticket) = (line, ticket) }
}

/// The priority or the place of a waiting ticket changed.
package struct LineMoved: LineEvent {
    package static let name = EventName("queue", "line", "moved", version: 1)
    package var line: LineSnapshot
    package var ticket: TicketSnapshot?
    package init(line: LineSnapshot, ticket: TicketSnapshot?) { (self.line, self.ticket) = (line, ticket) }
}

/// The last change of a ticket was undone; the ticket is as it was before.
package struct LineRestored: LineEvent {
    package static let name = EventName("queue", "line", "restored", version: 1)
    package var line: LineSnapshot
    package var ticket: TicketSnapshot?
    package init(line: LineSnapshot, ticket: TicketSnapshot?) { (self.line, self.ticket) = (line, ticket) }
}

/// The turn of a waiting ticket is near. Published once for each approach, beside the change that caused it.
package struct LineApproached: LineEvent {
    package static let name = EventName("queue", "line", "approached", version: 1)
    package var line: LineSnapshot
    package var ticket: TicketSnapshot?
    package init(line: LineSnapshot, ticket: TicketSnapshot?) { (self.line, self.ticket) = (line, ticket) }
}
