import Cryptography
import Postgres
import Primitives
import QueueDomain

extension PatientTokens {
    /// The short code by which a patient finds a ticket that their browser has forgotten. It is derived from the ticket like
    /// the token; nothing is stored of it.
    func code(of ticket: Identifier<Ticket>, in tenant: TenantSlug) -> ShortCode {
        ShortCode(choosing: key.digest(of: ticket.description, tenant: tenant, label: "queue ticket code"))
    }
}

/// The statements about tickets that are looked for by their codes.
enum TicketCodes {
    /// How many codes may be sent for one ticket until the right one.
    static let attemptLimit = 5

    /// The open ticket of a number in a queue, the latest if there are several; nil if there is none.
    static func find(_ number: Int, in queue: Identifier<Queue>) -> Query<Identifier<Ticket>?> {
        .first(
            """
            SELECT id FROM tickets WHERE queue = \(queue) AND number = \(number) AND \(Tickets.areOpen)
            ORDER BY day DESC LIMIT 1
            """
        ) { try $0.get("id") }
    }

    /// Counts an attempt before the code is compared, so that attempts at one time are counted, too. Answers how many there
    /// were.
    static func countAttempt(of ticket: Identifier<Ticket>) -> Query<Int> {
        .one(
            """
            INSERT INTO code_attempts AS a (ticket, attempts) VALUES (\(ticket), 1)
            ON CONFLICT (ticket) DO UPDATE SET attempts = least(a.attempts + 1, 1000) RETURNING attempts
            """
        ) { try $0.get("attempts") }
    }

    /// Forgets the attempts, after a right code.
    static func forgetAttempts(of ticket: Identifier<Ticket>) -> SQL {
        "DELETE FROM code_attempts WHERE ticket = \(ticket)"
    }
}
