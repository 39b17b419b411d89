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
        return queries.compactMap { $0 }
    }
}
