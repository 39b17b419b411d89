import GuichetProtocol
import Postgres
import Primitives
import QueueDomain
import WaitingLine

/// A sample of each statement that Queue reads by, and of those that are run rarely. A test has PostgreSQL plan them.
enum QueueQueries {
    static var samples: [SQL] {
        let (queue, ticket, now) = (Identifier<Queue>.new(), Identifier<Ticket>.new(), Instant(seconds: 1_800_000_000))
        let scopes: [LineScope] = [.queue(queue), .ticket(ticket)]
        let request = JoinRequest(digest: [1], fingerprint: [2])
        let section = LineSection(
            scope: .queue(queue), subjects: [.id(ticket), .token([1]), .request([2])], followers: 2, open: 5)
        let queries: [SQL?] = [
            Queues.list(after: queue, limit: 2).statement, Queues.find(scopes[1]).statement,
            Queues.lock(scopes).statement, Queues.counters(of: scopes).statement,
            LineRows.tickets(of: [section, LineSection(scope: .ticket(ticket))]).statement,
            LineRows.calls(of: scopes, at: now).statement, LineRows.visits(of: scopes, at: now).statement,
            LineRows.openCount(of: scopes[0]).statement, LineRows.rank(of: .id(ticket), in: scopes[0]).statement,
            JoinFacts.find(former: [1], request: request, place: Place(milliseconds: 1), in: scopes[0]).statement,
            JoinFacts.find(former: nil, request: nil, place: Place(milliseconds: 1), in: scopes[0]).statement,
            Tickets.successor(ofToken: [1]).statement, Tickets.find(ticket).statement,
            Tickets.open(of: queue, after: LinePosition(place: 1, id: ticket), limit: 2).statement,
            Tickets.removeNames(before: now).statement, Queues.remove(.new()),
        ]
        return queries.compactMap { $0 } + aroundTheLine(queue, ticket, now)
    }

    private static func aroundTheLine(
        _ queue: Identifier<Queue>, _ ticket: Identifier<Ticket>, _ now: Instant
    ) -> [SQL] {
        let (display, plan) = (DisplayID.new(), OpeningPlan([:]))
        let name = DisplayName(stored: "Entrée")
        let queries: [SQL?] = [
            KnownQueues.among([queue]).statement, JoinKeys.find(queue).statement,
            JoinKeys.replace(queue, rotation: .standard).statement, Displays.all.statement,
            Displays.find(display).statement, Displays.lock(display).statement,
            Displays.insert(display, name: name, queues: [queue], at: now).statement,
            Displays.update(display, name: name, queues: [queue], isAnnounced: true).statement,
            Displays.pair(display, tokenDigest: [1], at: now).statement, Displays.remove(display),
            OpeningPlans.find(queue).statement, OpeningPlans.lock(queue).statement, OpeningPlans.due(by: now).statement,
            OpeningPlans.due(in: ["a", "b"], by: now), OpeningPlans.set(plan, of: queue, at: now).statement,
            OpeningPlans.advance(queue, change: now, dayEnd: nil), OpeningPlans.remove(queue),
            LineLimitRows.find(queue).statement, LineLimitRows.lock(queue).statement, LineLimitRows.queues.statement,
            LineLimitRows.crossed(in: ["a", "b"], at: now), LineLimitRows.set(.none, of: queue),
            LineLimitRows.note([.wait], of: queue), RunningVisits.find(of: queue).statement,
            BookedAppointments.facts(.new(), in: queue).statement, BookedAppointments.ticket(of: .new()).statement,
            BookedAppointments.follow([]), BookedAppointments.prune(before: now),
            LineStatistics.numbers(of: queue, from: now, to: now, zone: "Africa/Algiers").statement,
            LineStatistics.record(ticket, atLeast: 1, atMost: 2), TicketCodes.find(7, in: queue).statement,
            TicketCodes.countAttempt(of: ticket).statement, TicketCodes.forgetAttempts(of: ticket),
        ]
        return queries.compactMap { $0 } + OpeningPlans.setHours(plan, of: queue)
    }
}
