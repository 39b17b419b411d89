import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// What patients do with their ticket, by its token.
@EventLoop
struct ChangeOwnTicket {
    /// What a patient wants.
    enum Wish: Sendable {
        /// Leaves the line.
        case leave
        /// Lets the next ones go first.
        case delay
        /// Is back after a missed call.
        case readmit
        /// Undoes that they left.
        case undo
    }

    let context: ServiceContext
    let changes: LineChanges
    let readTicket: ReadPatientTicket

    /// Throws ``NotFound`` for a token of no ticket, and what the domain refuses. A patient who has left already, or waits
    /// already, gets the ticket as it is.
    func callAsFunction(_ wish: Wish, _ token: PatientToken) async throws -> PatientTicketView {
        let tenant = try await context.store(for: token.tenant)
        let digest = token.digest
        // A patient who is late needs the tickets behind them: as many as the settings of any queue allow.
        let section = LineSection(
            scope: .queue(token.queue), subjects: [.token(digest)],
            followers: wish == .delay ? QueueSettings.maximumReturnBehind : 0)
        _ = try await changes.change(section, asking: .known(()), in: tenant, by: .patient) { change, _ in
            guard let ticket = change.line.tickets.values.first(where: { $0.tokenDigest == digest }) else {
                throw NotFound()
            }
            switch wish {
            case .leave where ticket.state.status == .left: break
            case .leave: _ = try change.line.leave(ticket, by: .patient)
            case .delay: _ = try change.line.delay(ticket)
            case .readmit where ticket.state.status == .waiting: break
            case .readmit: _ = try change.line.readmit(ticket, by: .patient)
            case .undo: _ = try change.line.undo(ticket, by: .patient)
            }
            return ticket.id
        }
        return try await readTicket(token)
    }
}
