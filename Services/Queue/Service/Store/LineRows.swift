import Postgres
import Primitives
import QueueDomain
import WaitingLine

/// Which tickets of a line a change needs.
struct LineSection: Sendable {
    /// The line.
    let scope: LineScope
    /// The tickets that the change names.
    var subjects: [TicketReference] = []
    /// How many waiting tickets to read after the subject; none unless the subject moves behind them.
    var followers = 0
    /// How many open tickets to read whatever their status, for the end of the day.
    var open = 0
}

/// How a request names a ticket.
enum TicketReference: Sendable {
    /// By id.
    case id(Identifier<Ticket>)
    /// By the digest of its token.
    case token([UInt8])
    /// By the request that made it, in the queue of the section.
    case request([UInt8])

    fileprivate func condition(_ queue: SQL) -> SQL {
        switch self {
        case .id(let id): "id = \(id)"
        case .token(let digest): "token_digest = \(digest)"
        case .request(let digest): "queue = \(queue) AND request = \(digest)"
        }
    }
}

/// What is read of a line under its lock. Each statement sees what was committed before the lock was granted.
enum LineRows {
    /// The tickets at counters, as many of the first that wait as the rules of the queue need, and what the sections name.
    /// A ticket may occur twice.
    static func tickets(of sections: [LineSection]) -> Query<[Ticket]> {
        .all(SQL.joined(sections.flatMap(parts), separator: " UNION ALL "), Tickets.ticket)
    }

    private static func parts(of section: LineSection) -> [SQL] {
        let (columns, queue) = (Tickets.columns, section.scope.queue)
        var parts: [SQL] = [
            "(SELECT \(columns) FROM tickets WHERE queue = \(queue) AND status IN ('called', 'serving'))",
            """
            (SELECT \(columns) FROM tickets WHERE queue = \(queue) AND status = 'waiting'
             ORDER BY place, id
             LIMIT (SELECT greatest(near_at, return_behind) + 3 FROM queues WHERE id = \(queue)))
            """,
        ]
        for subject in section.subjects {
            let condition = subject.condition(queue)
            parts.append("(SELECT \(columns) FROM tickets WHERE \(condition))")
            guard section.followers > 0 else { continue }
            parts.append(
                """
                (SELECT \(columns) FROM tickets WHERE queue = \(queue) AND status = 'waiting'
                     AND (place, id) > (SELECT place, id FROM tickets WHERE \(condition))
                 ORDER BY place, id LIMIT \(section.followers))
                """)
        }
        if section.open > 0 {
            parts.append(
                "(SELECT \(columns) FROM tickets WHERE queue = \(queue) AND \(Tickets.areOpen) LIMIT \(section.open))")
        }
        return parts
    }

    /// The last calls of each line that displays still show, the newest first.
    static func calls(of scopes: [LineScope], at now: Instant) -> Query<[(queue: Identifier<Queue>, call: RecentCall)]>
    {
        let parts = scopes.map { scope -> SQL in
            """
            (SELECT t.queue, t.id, t.number, c.label, t.last_called_at, t.recalls
             FROM tickets t LEFT JOIN counters c ON c.id = t.counter
             WHERE t.queue = \(scope.queue) AND t.last_called_at > \(now - RecentCall.lifetime)
             ORDER BY t.last_called_at DESC LIMIT \(RecentCall.maximum))
            """
        }
        return .all(SQL.joined(parts, separator: " UNION ALL ")) { row in
            let call = RecentCall(
                ticket: try row.get("id"), number: try row.get("number"),
                counter: try row.find("label", as: String.self).map(CounterLabel.init(stored:)),
                at: try row.get("last_called_at"), recalls: try row.get("recalls"))
            return (try row.get("queue"), call)
        }
    }

    /// The last visits of each line, by which the pace is computed.
    static func visits(
        of scopes: [LineScope], at now: Instant
    ) -> Query<[(queue: Identifier<Queue>, visit: VisitSample)]> {
        let parts = scopes.map { scope -> SQL in
            """
            (SELECT queue, ended_at, extract(epoch FROM ended_at - coalesce(served_at, called_at, ended_at))::int AS seconds
             FROM tickets
             WHERE queue = \(scope.queue) AND status = 'finished' AND ended_at > \(now - Pace.memory)
             ORDER BY ended_at DESC LIMIT \(Pace.maximumSamples))
            """
        }
        return .all(SQL.joined(parts, separator: " UNION ALL ")) { row in
            (try row.get("queue"), VisitSample(ended: try row.get("ended_at"), seconds: try row.get("seconds")))
        }
    }

    /// How many tickets of a line are open.
    static func openCount(of scope: LineScope) -> Query<Int> {
        .one("SELECT count(*) AS open FROM tickets WHERE queue = \(scope.queue) AND \(Tickets.areOpen)") {
            try $0.get("open")
        }
    }

    /// The number of tickets that wait before one.
    static func rank(of subject: TicketReference, in scope: LineScope) -> Query<Int> {
        let condition = subject.condition(scope.queue)
        return .one(
            """
            SELECT count(*) AS before FROM tickets WHERE queue = \(scope.queue) AND status = 'waiting'
                AND (place, id) < (SELECT place, id FROM tickets WHERE \(condition))
            """
        ) { try $0.get("before") }
    }

    /// Adds the facts of a change to the log. Its key refuses a version that is taken.
    static func record(_ facts: [LineFact], of queue: Identifier<Queue>, by actor: LineActor, at now: Instant) -> SQL {
        let tickets = facts.map(\.ticket)
        return """
            INSERT INTO line_transitions (queue, version, verb, at, ticket, status, counter, priority, actor, actor_id)
            SELECT \(queue)::uuid, version, verb, \(now)::timestamptz, nullif(ticket, '')::uuid, nullif(status, ''),
                nullif(counter, '')::uuid, nullif(priority, ''), \(actor.kind)::text, \(actor.id)::uuid
            FROM unnest(\(facts.map(\.version))::bigint[], \(facts.map(\.verb.rawValue))::text[],
                \(tickets.map { $0?.id.description ?? "" })::text[],
                \(tickets.map { $0?.state.status.rawValue ?? "" })::text[],
                \(tickets.map { $0?.state.counter?.description ?? "" })::text[],
                \(tickets.map { $0?.state.priority.rawValue ?? "" })::text[])
                AS news (version, verb, ticket, status, counter, priority)
            """
    }
}

/// The end of a line, to find the rank of a ticket that joins.
struct LineTail: Sendable {
    let waiting: Int
    let behind: [Int]

    /// The rank of a ticket that joins at `place`.
    func rank(at place: Place) -> Int { waiting - behind.count { $0 > place.milliseconds } }
}
