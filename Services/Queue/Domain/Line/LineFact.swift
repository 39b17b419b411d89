package import Primitives
package import WaitingLine

/// What happened in a line, by the name that is published.
package enum LineVerb: String, CaseIterable, Sendable {
    case joined, called, recalled, served, finished, missed, returned, held, resumed, left, transferred, moved
    case restored, approached, opened, closed, announced, changed, exceeded
}

/// One change of a line. Its version is the number of the event.
package struct LineFact: Sendable {
    /// What happened.
    package let verb: LineVerb
    /// The ticket after the change; nil if it concerns the line alone.
    package let ticket: Ticket?
    /// The version of the line after the change.
    package let version: Int
    /// What everyone sees of the line after the change.
    package let face: LineFace
}

/// What everyone sees of a line.
package struct LineFace: Sendable {
    package let queue: Queue
    package let pace: Pace?
    /// The counters and since when each has had its ticket.
    package let counters: [(counter: Counter, busySince: Instant?)]
    /// The last calls, the newest first.
    package let calls: [RecentCall]
}

/// A call of a ticket that displays still show.
package struct RecentCall: Hashable, Sendable {
    /// The most calls that are shown.
    package static let maximum = 8
    /// Calls that are older are not shown.
    package static let lifetime: Duration = .seconds(12 * 3600)

    package let ticket: Identifier<Ticket>
    package let number: Int
    package let counter: CounterLabel?
    package let at: Instant
    package let recalls: Int

    package init(ticket: Identifier<Ticket>, number: Int, counter: CounterLabel?, at: Instant, recalls: Int) {
        (self.ticket, self.number, self.counter, self.at, self.recalls) = (ticket, number, counter, at, recalls)
    }
}
