package import GuichetProtocol
package import Primitives
package import WaitingLine

/// A line after one of its events: the line, its tickets and their order.
package struct LineState: Sendable {
    /// The last event that it includes.
    package private(set) var version: LineVersion
    /// What everyone may see of the line.
    package private(set) var line: LineSnapshot
    private var tickets: [TicketID: TicketSnapshot] = [:]
    private var holders: [String: TicketID] = [:]
    private var order = Line<TicketID>()
    /// The tickets that have ended, and when: their patients may still undo it.
    private var ended: [TicketID: Instant] = [:]

    /// The line of a report. Tickets that `earlier` has and the report lacks have ended meanwhile.
    init(_ report: LineReport, after earlier: LineState?, at now: Instant) {
        (version, line) = (report.version, report.line)
        let waiting = report.tickets.filter { $0.status == "waiting" }
        order = Line(waiting.map { Line<TicketID>.Entry($0.id, at: $0.linePlace) })
        for ticket in report.tickets { hold(ticket) }
        for (id, ticket) in earlier?.tickets ?? [:] where tickets[id] == nil {
            var ticket = ticket
            if !ticket.hasEnded { ticket.status = "ended" }
            hold(ticket)
            ended[id] = earlier?.ended[id] ?? now
        }
    }

    /// Applies the event that follows.
    mutating func apply(_ change: LineChange) {
        (version, line) = (change.version, change.line)
        guard let ticket = change.ticket else { return }
        if let old = tickets[ticket.id], old.tokenDigest != ticket.tokenDigest { holders[old.tokenDigest] = nil }
        hold(ticket)
        if ticket.status == "waiting" {
            order.insert(ticket.id, at: ticket.linePlace)
        } else {
            order.remove(ticket.id)
        }
        ended[ticket.id] = ticket.hasEnded ? change.at : nil
    }

    mutating func forget(endedBefore instant: Instant) {
        for (id, end) in ended where end < instant {
            ended[id] = nil
            if let ticket = tickets.removeValue(forKey: id) { holders[ticket.tokenDigest] = nil }
        }
    }

    private mutating func hold(_ ticket: TicketSnapshot) {
        tickets[ticket.id] = ticket
        holders[ticket.tokenDigest] = ticket.id
    }
}

extension LineState {
    /// The number of tickets that wait.
    package var waiting: Int { order.count }

    /// The first tickets that wait, in their order.
    package func next(_ count: Int) -> [TicketSnapshot] {
        order.entries.prefix(count).compactMap { tickets[$0.ticket] }
    }

    /// The tickets that neither wait nor have ended, those called last first.
    package var attended: [TicketSnapshot] {
        tickets.values.filter { $0.status != "waiting" && !$0.hasEnded }
            .sorted { ($0.calledAt ?? $0.joinedAt, $0.id) > ($1.calledAt ?? $1.joinedAt, $1.id) }
    }

    /// The ticket of the patient whose token has this digest; nil if there is none in the line.
    package func ticket(ofHolder digest: String) -> TicketSnapshot? { holders[digest].flatMap { tickets[$0] } }

    /// The number of tickets before this one; nil if it does not wait.
    package func rank(of ticket: TicketID) -> Int? { order.rank(of: ticket) }

    /// What tickets have to wait; nil below three visits that were observed.
    package func forecast(at now: Instant) -> WaitForecast? {
        let seen = line
        return seen.pace.map { pace in
            WaitForecast(
                Pace(typicalSeconds: pace.typicalSeconds, slowSeconds: pace.slowSeconds, samples: pace.samples),
                busySince: seen.counters.filter(\.isInService).map(\.servingSince), at: now)
        }
    }
}

extension TicketSnapshot {
    /// Whether the ticket is no longer in the line. It may return when that is undone.
    package var hasEnded: Bool { ["left", "finished", "transferred", "ended"].contains(status) }

    fileprivate var linePlace: Place { Place(milliseconds: place) }
}
