import Postgres
import Primitives
import QueueDomain

/// The tickets at the counters of a queue.
enum RunningVisits {
    /// A ticket that was called or is served.
    struct Visit: Sendable {
        let ticket: Identifier<Ticket>
        let number: String
        let counter: CounterLabel
        let since: Instant
        let isServing: Bool
        let expectedMinutes: Int?
    }

    /// The tickets at counters, the longest visit first.
    static func find(of queue: Identifier<Queue>) -> Query<[Visit]> {
        .all(
            """
            SELECT t.id, t.number, q.number_prefix, q.number_digits, c.label, t.status,
                coalesce(t.served_at, t.called_at) AS since, q.expected_visit_minutes
            FROM tickets t JOIN queues q ON q.id = t.queue JOIN counters c ON c.id = t.counter
            WHERE t.queue = \(queue) AND t.status IN ('called', 'serving') ORDER BY since, t.id
            """
        ) { row in
            let format = NumberFormat(storedPrefix: try row.get("number_prefix"), digits: try row.get("number_digits"))
            return Visit(
                ticket: try row.get("id"), number: format.text(of: try row.get("number")),
                counter: CounterLabel(stored: try row.get("label")), since: try row.get("since"),
                isServing: try row.get("status", as: String.self) == TicketStatus.serving.rawValue,
                expectedMinutes: try row.find("expected_visit_minutes"))
        }
    }
}
