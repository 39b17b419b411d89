import Messaging
import Postgres
import Primitives
import QueueDomain

/// A queue as it is stored.
struct StoredQueue: Sendable {
    let queue: Queue
    /// The number of the last event of the line.
    let lineVersion: Int
    /// The generation of join tokens.
    let joinGeneration: Int
    /// The version of the settings.
    let version: EntityVersion

    fileprivate init(_ row: Row) throws {
        let settings = QueueSettings(
            name: QueueName(stored: try row.get("name")),
            numbers: NumberFormat(storedPrefix: try row.get("number_prefix"), digits: try row.get("number_digits")),
            capacity: try row.get("capacity"), nearAt: try row.get("near_at"),
            expectedVisitMinutes: try row.find("expected_visit_minutes"), recallLimit: try row.get("recall_limit"),
            returnBehind: try row.get("return_behind"), acceptsOtherTickets: try row.get("accepts_other_tickets"))
        queue = Queue(
            id: try row.get("id"), settings: settings, isOpen: try row.get("is_open"),
            message: try row.find("message", as: String.self).map(Announcement.init(stored:)),
            day: try row.find("day", as: String.self).flatMap { LocalDay($0) },
            lastNumber: try row.get("last_number"))
        (lineVersion, joinGeneration) = (try row.get("line_version"), try row.get("join_generation"))
        version = try row.version()
    }
}

/// Queues and their counters.
enum Queues {
    private static let columns: SQL = """
        id, name, number_prefix, number_digits, capacity, near_at, expected_visit_minutes, recall_limit, return_behind,
        accepts_other_tickets, is_open, message, day::text AS day, last_number, line_version, join_generation,
        \(SQL.version)
        """

    /// The generation of the versions of the present schema.
    static let generation: Query<Int> = .one("SELECT \(SQL.generation) AS generation") { try $0.get("generation") }

    /// Some queues by id, after the one with the id `last`.
    static func list(after last: Identifier<Queue>?, limit: Int) -> Query<[StoredQueue]> {
        .all(
            """
            SELECT \(columns) FROM queues WHERE \(last)::uuid IS NULL OR id > \(last) ORDER BY id LIMIT \(limit)
            """, StoredQueue.init)
    }

    /// The queue of a scope.
    static func find(_ scope: LineScope) -> Query<StoredQueue?> {
        .first("SELECT \(columns) FROM queues WHERE id = \(scope.queue)", StoredQueue.init)
    }

    /// Locks the lines of these scopes until the transaction ends, in the order of their ids, so that no two
    /// transactions wait for each other.
    static func lock(_ scopes: [LineScope]) -> Query<[StoredQueue]> {
        let ids = SQL.joined(scopes.map(\.queue), separator: ", ")
        return .all("SELECT \(columns) FROM queues WHERE id IN (\(ids)) ORDER BY id FOR UPDATE", StoredQueue.init)
    }

    /// Stores a new queue.
    static func insert(_ queue: Queue) -> SQL {
        let settings = queue.settings
        return """
            INSERT INTO queues (id, name, number_prefix, number_digits, capacity, near_at, expected_visit_minutes,
                recall_limit, return_behind, accepts_other_tickets)
            VALUES (\(queue.id), \(settings.name.text), \(settings.numbers.prefix), \(settings.numbers.digits),
                \(settings.capacity), \(settings.nearAt), \(settings.expectedVisitMinutes), \(settings.recallLimit),
                \(settings.returnBehind), \(settings.acceptsOtherTickets))
            """
    }

    /// Stores what a change of the line did to its queue.
    ///
    /// - Parameter isEdited: whether what the queue shows of itself changed.
    static func update(_ queue: Queue, lineVersion: Int, isEdited: Bool) -> SQL {
        """
        UPDATE queues SET is_open = \(queue.isOpen), message = \(queue.message?.text), day = \(queue.day?.description)::date,
            last_number = \(queue.lastNumber), line_version = \(lineVersion),
            version = version + \(isEdited ? 1 : 0)::int
        WHERE id = \(queue.id)
        """
    }

    /// Stores other settings.
    static func replace(_ settings: QueueSettings, of queue: Identifier<Queue>) -> SQL {
        """
        UPDATE queues SET name = \(settings.name.text), number_prefix = \(settings.numbers.prefix),
            number_digits = \(settings.numbers.digits), capacity = \(settings.capacity),
            near_at = \(settings.nearAt), expected_visit_minutes = \(settings.expectedVisitMinutes),
            recall_limit = \(settings.recallLimit), return_behind = \(settings.returnBehind),
            accepts_other_tickets = \(settings.acceptsOtherTickets)
        WHERE id = \(queue)
        """
    }

    /// The counters of these queues, each queue's in the order in which they were added.
    static func counters(of scopes: [LineScope]) -> Query<[(queue: Identifier<Queue>, counter: Counter)]> {
        let ids = SQL.joined(scopes.map(\.queue), separator: ", ")
        return .all(
            """
            SELECT queue, id, label, is_in_service FROM counters
            WHERE queue IN (\(ids)) AND NOT is_removed ORDER BY queue, id
            """
        ) { row in
            (
                try row.get("queue"),
                Counter(
                    id: try row.get("id"), label: CounterLabel(stored: try row.get("label")),
                    isInService: try row.get("is_in_service"))
            )
        }
    }

    /// Stores a counter.
    static func upsert(_ counter: Counter, of queue: Identifier<Queue>) -> SQL {
        """
        INSERT INTO counters (id, queue, label, is_in_service)
        VALUES (\(counter.id), \(queue), \(counter.label.text), \(counter.isInService))
        ON CONFLICT (id) DO UPDATE SET label = excluded.label, is_in_service = excluded.is_in_service
        """
    }

    /// Removes a counter. Its row stays, because tickets name it.
    static func remove(_ counter: Identifier<Counter>) -> SQL {
        "UPDATE counters SET is_removed = true, is_in_service = false WHERE id = \(counter)"
    }
}

/// Names the line that a request concerns.
enum LineScope: Sendable {
    /// The line of this queue.
    case queue(Identifier<Queue>)
    /// The line that the ticket is in.
    case ticket(Identifier<Ticket>)

    /// The id of the queue, as an expression.
    var queue: SQL {
        switch self {
        case .queue(let id): "\(id)::uuid"
        case .ticket(let id): "(SELECT queue FROM tickets WHERE id = \(id))"
        }
    }
}
