package import Primitives

/// A place in the order of a line: milliseconds since 1970. Lower is served first.
///
/// It is the time of joining less the advance of the priority. Every advance is bounded, so a ticket that joins later than
/// ``TicketPriority/longestAdvance`` after another one stays behind it: no ticket waits forever.
package struct Place: Hashable, Sendable, Comparable {
    /// Milliseconds since 1970.
    package let milliseconds: Int

    /// A place that was computed before.
    package init(milliseconds: Int) { self.milliseconds = milliseconds }

    /// The place of a ticket that joins at `instant`.
    package init(joiningAt instant: Instant, _ priority: TicketPriority) {
        self.init(at: instant - priority.advance)
    }

    /// How long after its due time a patient with an appointment is still on time.
    package static let grace: Duration = .seconds(15 * 60)

    /// The place of a patient who arrives at `arrival` for an appointment that is due at `due`. Until the end of the
    /// ``grace`` it follows from the due time: arriving early gains nothing. A patient who arrives later stands where one
    /// without an appointment would.
    package init(arrivingAt arrival: Instant, forAppointmentAt due: Instant) {
        let isOnTime = arrival <= due + Self.grace
        self.init(at: isOnTime ? due - TicketPriority.appointment.advance : arrival)
    }

    private init(at instant: Instant) {
        milliseconds = Int(instant.microseconds / 1000)
    }

    /// The next place behind this one.
    package var after: Place { Place(milliseconds: milliseconds + 1) }

    /// The last place before this one.
    package var before: Place { Place(milliseconds: milliseconds - 1) }

    /// The same waiting time with another priority.
    package func changing(from old: TicketPriority, to new: TicketPriority) -> Place {
        Place(milliseconds: milliseconds + (old.advance - new.advance).wholeMilliseconds)
    }

    package static func < (left: Place, right: Place) -> Bool { left.milliseconds < right.milliseconds }
}

/// Why a ticket is served before others that joined earlier.
package enum TicketPriority: String, CaseIterable, Sendable {
    /// Served in the order of joining.
    case normal
    /// A person whom waiting burdens more: elderly, pregnant, disabled, with a small child.
    case priority
    /// A medical urgency.
    case urgent
    /// A patient with an appointment, who is served about its time.
    case appointment

    /// How much earlier than at its joining the ticket stands in the order.
    package var advance: Duration {
        switch self {
        case .normal: .zero
        case .priority: .seconds(30 * 60)
        case .urgent: .seconds(120 * 60)
        case .appointment: .seconds(60 * 60)
        }
    }

    /// A ticket that joins later than this after another one is never served before it, unless that one is put aside.
    package static let longestAdvance: Duration = .seconds(120 * 60)
}

extension Duration {
    /// Milliseconds, rounded down.
    fileprivate var wholeMilliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
