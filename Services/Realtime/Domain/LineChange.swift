package import GuichetProtocol
package import Primitives

/// What happened to a line, as its events name it.
package enum LineVerb: String, CaseIterable, Sendable {
    case joined, called, recalled, served, finished, missed, returned, held, resumed, left, transferred, moved, restored
    case approached, opened, closed, announced, changed, exceeded
}

/// An event of a line.
package struct LineChange: Hashable, Sendable {
    /// What happened.
    package let verb: LineVerb
    /// The line after it.
    package let line: LineSnapshot
    /// The ticket that it concerns; nil if it concerns the line alone.
    package let ticket: TicketSnapshot?
    /// The number of the event among those of the line.
    package let version: LineVersion
    /// When it happened.
    package let at: Instant

    package init(
        _ verb: LineVerb, line: LineSnapshot, ticket: TicketSnapshot?, version: LineVersion, at instant: Instant
    ) {
        (self.verb, self.line, self.ticket, self.version, at) = (verb, line, ticket, version, instant)
    }
}

/// A line with all its tickets, as Queue reports it.
package struct LineReport: Hashable, Sendable {
    /// The line.
    package let line: LineSnapshot
    /// Every ticket that waits, is called, served, put aside or missed.
    package let tickets: [TicketSnapshot]
    /// The last event that it includes.
    package let version: LineVersion

    package init(line: LineSnapshot, tickets: [TicketSnapshot], version: LineVersion) {
        (self.line, self.tickets, self.version) = (line, tickets, version)
    }
}

/// The number of an event of a line. A restore of Queue's data begins a new generation, in which numbers are used again.
package struct LineVersion: Hashable, Sendable, Comparable {
    /// Begins with 1.
    package let generation: Int
    /// Begins with 1, without gaps.
    package let number: Int

    package init(_ number: Int, generation: Int = 1) { (self.number, self.generation) = (number, generation) }

    /// Whether no event lies between the two.
    package func isDirectly(after other: LineVersion) -> Bool {
        generation == other.generation && number == other.number + 1
    }

    package static func < (left: LineVersion, right: LineVersion) -> Bool {
        (left.generation, left.number) < (right.generation, right.number)
    }
}
