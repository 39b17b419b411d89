package import Primitives
package import WaitingLine

/// The line of one queue under its lock: as much of it as a change needs, and what the change did.
///
/// The tickets are those at counters, the first that wait, and the one that is changed. Each change adds a fact with the
/// next version, so versions have no gaps.
package struct QueueLine: Sendable {
    /// What was read of a line.
    package struct Present: Sendable {
        package let queue: Queue
        package let counters: [Counter]
        /// In any order; a ticket may occur twice.
        package let tickets: [Ticket]
        package let calls: [RecentCall]
        package let visits: [VisitSample]
        /// The version of the last fact.
        package let version: Int

        package init(
            queue: Queue, counters: [Counter], tickets: [Ticket], calls: [RecentCall], visits: [VisitSample],
            version: Int
        ) {
            (self.queue, self.counters, self.tickets) = (queue, counters, tickets)
            (self.calls, self.visits, self.version) = (calls, visits, version)
        }
    }

    /// The time of the change. It is later than that of each call that is shown, so the last call is always the newest,
    /// although the clocks of processes differ.
    package let now: Instant
    /// The queue after the changes so far.
    package internal(set) var queue: Queue
    /// The counters after the changes so far.
    package internal(set) var counters: [Counter]
    /// What happened, in order.
    package private(set) var facts: [LineFact] = []
    /// The version of the last fact.
    package private(set) var version: Int
    /// The tickets that were read or made.
    package private(set) var tickets: [Identifier<Ticket>: Ticket]
    /// The tickets among them that wait; no other ticket is before the first ones.
    package internal(set) var waiting: Line<Identifier<Ticket>>
    private var calls: [RecentCall]
    private var visits: [VisitSample]

    /// A line as it was read under its lock.
    package init(_ present: Present, at clock: Instant) {
        now = max(clock, present.calls.map { $0.at + .microseconds(1) }.max() ?? clock)
        (queue, counters, version) = (present.queue, present.counters, present.version)
        (calls, visits) = (present.calls, present.visits)
        tickets = Dictionary(present.tickets.map { ($0.id, $0) }) { $1 }
        waiting = Line(
            tickets.values.filter { $0.state.status == .waiting }.map { Line.Entry($0.id, at: $0.state.place) })
    }

    /// The pace of the visits.
    package var pace: Pace? {
        Pace(visits, expected: queue.settings.expectedVisitMinutes.map { $0 * 60 }, at: now)
    }

    /// The expected waits; nil while the pace is unknown.
    package var forecast: WaitForecast? {
        pace.map { pace in
            WaitForecast(
                pace, busySince: counters.filter(\.isInService).map { busySince($0.id) }, at: now)
        }
    }

    /// The ticket at a counter; nil if the counter is free.
    package func ticket(at counter: Identifier<Counter>) -> Ticket? {
        tickets.values.first { $0.state.status.isAtCounter && $0.state.counter == counter }
    }

    /// The ticket with this id. Throws ``NotFound`` if it was not read.
    package func ticket(_ id: Identifier<Ticket>) throws -> Ticket {
        guard let ticket = tickets[id] else { throw NotFound() }
        return ticket
    }

    /// The counter to call to: the named one, or the only one in service.
    func counterInService(_ id: Identifier<Counter>?) throws(QueueError) -> Counter {
        guard let id else {
            let candidates = counters.filter(\.isInService)
            guard candidates.count == 1 else { throw .counterRequired }
            return candidates[0]
        }
        guard let counter = counters.first(where: { $0.id == id }) else { throw .counterUnknown }
        guard counter.isInService else { throw .counterNotInService }
        return counter
    }

    /// Stores a ticket after a change of its state, and records the fact.
    mutating func record(_ verb: LineVerb, _ ticket: Ticket) {
        tickets[ticket.id] = ticket
        if ticket.state.status == .waiting {
            waiting.insert(ticket.id, at: ticket.state.place)
        } else {
            waiting.remove(ticket.id)
        }
        updateCalls(ticket)
        if verb == .finished, let began = ticket.state.servedAt ?? ticket.state.calledAt {
            visits.append(VisitSample(ended: now, seconds: Int((now - began).components.seconds)))
        }
        append(verb, ticket)
    }

    /// What everyone sees of the line at present.
    package var face: LineFace {
        LineFace(queue: queue, pace: pace, counters: counters.map { ($0, busySince($0.id)) }, calls: calls)
    }

    /// Records a change of the line itself.
    mutating func record(_ verb: LineVerb) { append(verb, nil) }

    /// Records that the turn is near of each ticket that has come so far, once for each approach. Called after a change.
    mutating func recordApproaches() {
        for entry in waiting.entries.prefix(queue.settings.nearAt + 1) {
            guard var ticket = tickets[entry.ticket], !ticket.state.isNear else { continue }
            ticket.state.isNear = true
            tickets[ticket.id] = ticket
            append(.approached, ticket)
        }
    }

    private mutating func append(_ verb: LineVerb, _ ticket: Ticket?) {
        version += 1
        facts.append(LineFact(verb: verb, ticket: ticket, version: version, face: face))
    }

    private mutating func updateCalls(_ ticket: Ticket) {
        calls.removeAll { $0.ticket == ticket.id }
        guard let at = ticket.state.lastCalledAt, at > now - RecentCall.lifetime else { return }
        let label = counters.first { $0.id == ticket.state.counter }?.label
        calls.append(
            RecentCall(
                ticket: ticket.id, number: ticket.number.value, counter: label, at: at, recalls: ticket.state.recalls))
        calls = Array(calls.sorted { $0.at > $1.at }.prefix(RecentCall.maximum))
    }

    private func busySince(_ counter: Identifier<Counter>) -> Instant? {
        ticket(at: counter).flatMap { $0.state.servedAt ?? $0.state.lastCalledAt }
    }
}
