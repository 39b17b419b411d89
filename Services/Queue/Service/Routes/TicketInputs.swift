import HTTPServer
import JSONCoding
import Primitives
import QueueDomain
import WaitingLine

// The inputs of the routes of tickets.

/// A patient who joins a queue by its code.
struct JoinInput: Codable, Sendable {
    /// The token behind the code of the queue.
    let token: String
    /// The name, for staff alone; absent for an anonymous ticket.
    let name: PersonName?
    /// The type of care; absent when it is not known.
    let careType: CareName?
    /// The patient token of a ticket that the browser has already: if it is open, it is answered again.
    let ticket: String?
}

/// A patient without a telephone, added at the desk.
struct WalkInInput: Codable, Sendable {
    /// The name, for staff alone; absent for an anonymous ticket.
    let name: PersonName?
    /// The type of care; absent when it is not known.
    let careType: CareName?
    /// Why it is served before others; `normal` if absent.
    let priority: StaffPriority?
}

/// A priority that staff can give. That of an appointment follows from its time.
enum StaffPriority: String, Codable, CaseIterable, Sendable {
    /// Served in the order of joining.
    case normal
    /// A person whom waiting burdens more.
    case priority
    /// A medical urgency.
    case urgent

    var value: TicketPriority {
        switch self {
        case .normal: .normal
        case .priority: .priority
        case .urgent: .urgent
        }
    }
}

/// Where a ticket is called to.
struct CallInput: Codable, Sendable {
    /// The counter; absent for the only one in service.
    let counter: Identifier<Counter>?
    /// How the ticket ends that is at the counter; `finished` if absent.
    let present: VisitEnding?

    var wish: CallTicket.Wish { CallTicket.Wish(counter: counter, ending: present ?? .finished) }
}

/// The new priority of a ticket.
struct PriorityInput: Codable, Sendable {
    /// The priority.
    let priority: StaffPriority
}

/// The queue that a ticket is sent to.
struct TransferInput: Codable, Sendable {
    /// The other queue.
    let queue: Identifier<Queue>
}
