import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Reports a whole line to a service that follows it, in parts of bounded size.
@EventLoop
struct ReportLine {
    let context: ServiceContext

    /// Records the parts in `transaction`. They are as of one version: the lock keeps changes waiting. A request for a
    /// queue that does not exist has no answer.
    func callAsFunction(_ request: CloudEvent<LineRequested>, in transaction: Transaction) async throws {
        let scope = LineScope.queue(Identifier(request.data.queue.uuid))
        let now = context.now
        let (queues, counters, tickets, calls, visits) = try await transaction.ask(
            Queues.lock([scope]), Queues.counters(of: [scope]),
            LineRows.tickets(of: [LineSection(scope: scope, open: Queue.maximumTickets)]),
            LineRows.calls(of: [scope], at: now), LineRows.visits(of: [scope], at: now))
        guard let stored = queues.first else { return }
        let line = QueueLine(
            QueueLine.Present(
                queue: stored.queue, counters: counters.map { $0.counter }, tickets: tickets,
                calls: calls.map { $0.call },
                visits: visits.map { $0.visit }, version: stored.lineVersion), at: now)
        let face = line.face
        let open = line.tickets.values.filter(\.state.status.isOpen).sorted { $0.id < $1.id }
        let size = LineReported.maximumTickets
        let parts = max(1, (open.count + size - 1) / size)
        for part in 0..<parts {
            let section = open[(part * size)..<min(open.count, (part + 1) * size)]
            let report = LineReported(
                request: request.data.request, line: LineSnapshot(face), version: line.version,
                tickets: section.map { TicketSnapshot($0, face) }, part: part + 1, parts: parts)
            transaction.later([try PublishedEvents.record(report, answering: request.attributes, at: now)])
        }
    }
}
