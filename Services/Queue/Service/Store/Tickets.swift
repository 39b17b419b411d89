import FoundationEssentials
import Postgres
import Primitives
import QueueDomain
import WaitingLine

/// Tickets as they are stored.
enum Tickets {
    /// What ``ticket(_:)`` reads.
    static let columns: SQL = """
        id, queue, day::text AS day, number, token_digest, source, care_type, appointment, joined_at, status, place,
        priority, counter, called_at, last_called_at, recalls, served_at, ended_at, returns, is_near, successor,
        undo_state, undo_until, undo_by_patient
        """

    /// The statuses of open tickets, as the index has them.
    static let areOpen: SQL = "status IN ('waiting', 'called', 'serving', 'held', 'missed')"

    @Sendable static func ticket(_ row: Row) throws -> Ticket {
        guard let source = TicketSource(rawValue: try row.get("source")),
            let day = LocalDay(try row.get("day", as: String.self))
        else { throw CorruptRow("tickets") }
        var undo: UndoableChange?
        if let stored: String = try row.find("undo_state") {
            let before = try JSONDecoder().decode(StoredState.self, from: Data(stored.utf8)).state()
            undo = UndoableChange(
                before: before, until: try row.get("undo_until"), isByPatient: try row.get("undo_by_patient"))
        }
        return Ticket(
            id: try row.get("id"), queue: try row.get("queue"),
            number: TicketNumber(day: day, value: try row.get("number")), tokenDigest: try row.get("token_digest"),
            joinedAt: try row.get("joined_at"), source: source,
            careType: try row.find("care_type", as: String.self).map(CareName.init(stored:)),
            appointment: try row.find("appointment"), state: try state(row), undo: undo)
    }

    private static func state(_ row: Row) throws -> TicketState {
        let stored = StoredState(
            status: try row.get("status"), place: try row.get("place"), priority: try row.get("priority"),
            counter: try row.find("counter"), calledAt: try row.find("called_at"),
            lastCalledAt: try row.find("last_called_at"), recalls: try row.get("recalls"),
            servedAt: try row.find("served_at"), endedAt: try row.find("ended_at"), returns: try row.get("returns"),
            isNear: try row.get("is_near"), successor: try row.find("successor"))
        return try stored.state()
    }

    /// Stores a ticket after a change, or a new one.
    ///
    /// - Parameters:
    ///   - name: the encrypted name of a new ticket.
    ///   - request: what made a new ticket, if it must not make another one.
    static func upsert(_ ticket: Ticket, name: [UInt8]? = nil, request: JoinRequest? = nil) throws -> SQL {
        let (state, undo) = (ticket.state, ticket.undo)
        let before = try undo.map { String(decoding: try JSONEncoder().encode(StoredState($0.before)), as: UTF8.self) }
        return """
            INSERT INTO tickets (id, queue, day, number, token_digest, source, request, fingerprint, name, care_type,
                appointment, joined_at, status, place, priority, counter, called_at, last_called_at, recalls, served_at,
                ended_at, returns, is_near, successor, undo_state, undo_until, undo_by_patient)
            VALUES (\(ticket.id), \(ticket.queue), \(ticket.number.day.description)::date, \(ticket.number.value),
                \(ticket.tokenDigest), \(ticket.source.rawValue), \(request?.digest), \(request?.fingerprint), \(name),
                \(ticket.careType?.text), \(ticket.appointment), \(ticket.joinedAt), \(state.status.rawValue),
                \(state.place.milliseconds), \(state.priority.rawValue), \(state.counter), \(state.calledAt),
                \(state.lastCalledAt), \(state.recalls), \(state.servedAt), \(state.endedAt), \(state.returns),
                \(state.isNear), \(state.successor), \(before), \(undo?.until), \(undo?.isByPatient))
            ON CONFLICT (id) DO UPDATE SET status = excluded.status, place = excluded.place,
                priority = excluded.priority, counter = excluded.counter, called_at = excluded.called_at,
                last_called_at = excluded.last_called_at, recalls = excluded.recalls, served_at = excluded.served_at,
                ended_at = excluded.ended_at, returns = excluded.returns, is_near = excluded.is_near,
                successor = excluded.successor, undo_state = excluded.undo_state, undo_until = excluded.undo_until,
                undo_by_patient = excluded.undo_by_patient
            """
    }

    /// Removes the names of tickets that joined before `limit`, some at a time. Answers how many were removed.
    static func removeNames(before limit: Instant) -> Query<Int> {
        .one(
            """
            WITH old AS (
                SELECT id FROM tickets WHERE name IS NOT NULL AND joined_at < \(limit) ORDER BY joined_at LIMIT 1000
            ), removed AS (UPDATE tickets SET name = NULL FROM old WHERE tickets.id = old.id RETURNING tickets.id)
            SELECT count(*) AS removed FROM removed
            """
        ) { try $0.get("removed") }
    }
}

/// The state of a ticket, as a row and as the text that an undo restores.
private struct StoredState: Codable {
    var status: String
    var place: Int
    var priority: String
    var counter: Identifier<Counter>?
    var calledAt: Instant?
    var lastCalledAt: Instant?
    var recalls: Int
    var servedAt: Instant?
    var endedAt: Instant?
    var returns: Int
    var isNear: Bool
    var successor: Identifier<Ticket>?
}

extension StoredState {
    init(_ state: TicketState) {
        self.init(
            status: state.status.rawValue, place: state.place.milliseconds, priority: state.priority.rawValue,
            counter: state.counter, calledAt: state.calledAt, lastCalledAt: state.lastCalledAt,
            recalls: state.recalls, servedAt: state.servedAt, endedAt: state.endedAt, returns: state.returns,
            isNear: state.isNear, successor: state.successor)
    }

    func state() throws -> TicketState {
        guard let status = TicketStatus(rawValue: status), let priority = TicketPriority(rawValue: priority) else {
            throw CorruptRow("tickets")
        }
        var state = TicketState(waitingAt: Place(milliseconds: place), priority)
        (state.status, state.counter, state.calledAt, state.lastCalledAt) = (status, counter, calledAt, lastCalledAt)
        (state.recalls, state.servedAt, state.endedAt) = (recalls, servedAt, endedAt)
        (state.returns, state.isNear, state.successor) = (returns, isNear, successor)
        return state
    }
}

extension Tickets {
    /// The ticket that a transferred one was replaced by, in the other queue; nil for one that was not transferred.
    static func successor(ofToken digest: [UInt8]) -> Query<(id: Identifier<Ticket>, queue: Identifier<Queue>)?> {
        .first(
            """
            SELECT other.id, other.queue FROM tickets JOIN tickets other ON other.id = tickets.successor
            WHERE tickets.token_digest = \(digest)
            """
        ) { (try $0.get("id"), try $0.get("queue")) }
    }

    /// A ticket as a list shows it.
    struct Listed: Sendable {
        let ticket: Ticket
        let position: Int?
        let name: [UInt8]?
    }

    /// The open tickets of a queue in the order of the line, after a place.
    static func open(
        of queue: Identifier<Queue>, after last: LinePosition?, limit: Int
    ) -> Query<[Listed]> {
        .all(
            """
            SELECT * FROM (
                SELECT \(columns), name, CASE WHEN status = 'waiting'
                    THEN count(*) FILTER (WHERE status = 'waiting') OVER (ORDER BY place, id) END AS position
                FROM tickets WHERE queue = \(queue) AND \(areOpen)
            ) AS listed
            WHERE \(last?.place)::bigint IS NULL OR (place, id) > (\(last?.place)::bigint, \(last?.id)::uuid)
            ORDER BY place, id LIMIT \(limit)
            """
        ) { Listed(ticket: try ticket($0), position: try $0.find("position"), name: try $0.find("name")) }
    }

    /// A ticket by id.
    static func find(_ id: Identifier<Ticket>) -> Query<Listed?> {
        .first("SELECT \(columns), name, NULL::int AS position FROM tickets WHERE id = \(id)") {
            Listed(ticket: try ticket($0), position: nil, name: try $0.find("name"))
        }
    }
}

/// Where a page of a line ends.
struct LinePosition: Codable, Sendable {
    let place: Int
    let id: Identifier<Ticket>
}
