import Cryptography
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import QueueDomain
import WaitingLine

/// The events that Queue publishes. Only here does a fact become an event.
enum PublishedEvents {
    /// The rows of the outbox for the facts of one line, in order.
    static func entries(
        _ facts: [LineFact], of queue: Identifier<Queue>, tenant: TenantSlug, at now: Instant
    ) throws -> [Outbox.Entry] {
        try facts.map { fact in
            func entry<Payload: LineEvent>(_: Payload.Type) throws -> Outbox.Entry {
                let ticket = fact.ticket.map { TicketSnapshot($0, fact.face) }
                return try Outbox.entry(
                    Payload(line: LineSnapshot(fact.face), ticket: ticket), of: queue.description,
                    version: fact.version, tenant: tenant, at: now)
            }
            return switch fact.verb {
            case .joined: try entry(LineJoined.self)
            case .called: try entry(LineCalled.self)
            case .recalled: try entry(LineRecalled.self)
            case .served: try entry(LineServed.self)
            case .finished: try entry(LineFinished.self)
            case .missed: try entry(LineMissed.self)
            case .returned: try entry(LineReturned.self)
            case .held: try entry(LineHeld.self)
            case .resumed: try entry(LineResumed.self)
            case .left: try entry(LineLeft.self)
            case .transferred: try entry(LineTransferred.self)
            case .moved: try entry(LineMoved.self)
            case .restored: try entry(LineRestored.self)
            case .approached: try entry(LineApproached.self)
            case .opened: try entry(LineOpened.self)
            case .closed: try entry(LineClosed.self)
            case .announced: try entry(LineAnnounced.self)
            case .changed: try entry(LineChanged.self)
            case .exceeded: try entry(LineExceeded.self)
            }
        }
    }

    /// A part of the answer to a request for a line. The aggregate is the request; its versions are the parts.
    static func record(_ report: LineReported, answering request: EventAttributes, at now: Instant) throws -> SQL {
        try Outbox.record(
            report, of: report.request.description, version: report.part, tenant: request.tenantid, at: now,
            causation: request)
    }
}

extension LineSnapshot {
    init(_ face: LineFace) {
        let numbers = face.queue.settings.numbers
        self.init(
            queue: Identifier(face.queue.id.uuid), name: face.queue.settings.name.text, isOpen: face.queue.isOpen,
            message: face.queue.message?.text, nearAt: face.queue.settings.nearAt,
            pace: face.pace.map {
                PaceSnapshot(typicalSeconds: $0.typicalSeconds, slowSeconds: $0.slowSeconds, samples: $0.samples)
            },
            counters: face.counters.map { counter, busySince in
                CounterSnapshot(
                    id: Identifier(counter.id.uuid), label: counter.label.text, isInService: counter.isInService,
                    servingSince: busySince)
            },
            calls: face.calls.map { call in
                CallSnapshot(
                    ticket: Identifier(call.ticket.uuid), number: numbers.text(of: call.number),
                    counter: call.counter?.text, at: call.at, recalls: call.recalls)
            })
    }
}

extension TicketSnapshot {
    init(_ ticket: Ticket, _ face: LineFace) {
        let state = ticket.state
        self.init(
            id: Identifier(ticket.id.uuid), number: face.queue.settings.numbers.text(of: ticket.number.value),
            status: state.status.rawValue, place: state.place.milliseconds, priority: state.priority.rawValue,
            tokenDigest: BaseEncoding.base64URL.encode(ticket.tokenDigest),
            counter: face.counters.first { $0.counter.id == state.counter }?.counter.label.text,
            joinedAt: ticket.joinedAt, calledAt: state.calledAt, careType: ticket.careType?.text,
            appointment: ticket.appointment.map { Identifier($0.uuid) })
    }
}
