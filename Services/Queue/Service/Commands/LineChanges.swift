import EventLoop
import GuichetProtocol
import Idempotency
import Messaging
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// A line under its lock, and what is stored with its changes.
struct LineChange: Sendable {
    /// The line, which the change changes.
    var line: QueueLine
    /// The queue as it was read.
    let stored: StoredQueue
    /// The encrypted names of new tickets.
    var names: [Identifier<Ticket>: [UInt8]] = [:]
    /// What made new tickets.
    var requests: [Identifier<Ticket>: JoinRequest] = [:]
    /// Further statements, which run before those of the line.
    var statements: [SQL] = []

    /// The present version of the settings, after the change.
    var version: EntityVersion {
        EntityVersion(generation: stored.version.generation, number: stored.version.number + (isEdited ? 1 : 0))
    }

    /// The queue after the change.
    var view: QueueView { QueueView(line.queue, line.counters, version: version) }

    /// Whether what the queue shows of itself changed.
    var isEdited: Bool {
        line.facts.contains { [.opened, .closed, .announced, .changed].contains($0.verb) }
    }
}

/// Changes lines: locks their queues, lets the domain decide, and stores tickets, log, versions and events in one batch.
/// Two round trips, however many facts there are.
@EventLoop
struct LineChanges {
    let context: ServiceContext
    private let zones = ZoneTable()

    init(_ context: ServiceContext) { self.context = context }

    /// Changes one line. Throws ``NotFound`` if there is none.
    ///
    /// - Parameters:
    ///   - extra: what the change needs beside the line.
    ///   - key: the record of the request, whose answer is stored with the change.
    func change<View: Codable & Sendable, Extra: Sendable>(
        _ section: LineSection, asking extra: Query<Extra>, in tenant: TenantStore, by actor: LineActor,
        key: IdempotencyRecord? = nil, _ body: @EventLoop @Sendable (inout LineChange, Extra) throws -> View
    ) async throws -> View {
        try await change([section], asking: extra, in: tenant, by: actor, key: key) { changes, extra in
            guard changes.count == 1 else { throw NotFound() }
            return try body(&changes[0], extra)
        }
    }

    /// Changes several lines together. Those that do not exist are missing from what `body` gets.
    func change<View: Codable & Sendable, Extra: Sendable>(
        _ sections: [LineSection], asking extra: Query<Extra>, in tenant: TenantStore, by actor: LineActor,
        key: IdempotencyRecord? = nil, _ body: @EventLoop @Sendable (inout [LineChange], Extra) throws -> View
    ) async throws -> View {
        let asked = context.now
        let scopes = sections.map(\.scope)
        let (view, hasEvents) = try await tenant.data.transaction { transaction -> (View, Bool) in
            let claim = key.map { Query<Void>.run($0.claim) } ?? .known(())
            let (_, earlier, queues, counters, tickets, calls, visits, extra) = try await transaction.ask(
                claim, key.earlierAnswer(as: View.self), Queues.lock(scopes), Queues.counters(of: scopes),
                LineRows.tickets(of: sections), LineRows.calls(of: scopes, at: asked),
                LineRows.visits(of: scopes, at: asked), extra)
            if let earlier { return (earlier, false) }
            // Read under the lock, so that the times of a line are in the order of its versions.
            let now = context.now
            var changes = queues.map { stored in
                let id = stored.queue.id
                let present = QueueLine.Present(
                    queue: stored.queue, counters: counters.filter { $0.queue == id }.map { $0.counter },
                    tickets: tickets.filter { $0.queue == id }, calls: calls.filter { $0.queue == id }.map { $0.call },
                    visits: visits.filter { $0.queue == id }.map { $0.visit }, version: stored.lineVersion)
                return LineChange(line: QueueLine(present, at: now), stored: stored)
            }
            let view = try body(&changes, extra)
            for change in changes {
                transaction.later(try Self.statements(of: change, tenant: tenant.tenant.slug, by: actor))
            }
            if let key { transaction.later([try key.store(view)]) }
            return (view, changes.contains { !$0.line.facts.isEmpty })
        }
        if hasEvents { context.eventsCommitted(in: tenant.data) }
        return view
    }

    /// The clock of the tenant.
    func zone(of tenant: TenantStore) async throws -> ZoneOffsets {
        try await zones.offsets(of: tenant.tenant.timeZone, from: tenant.data)
    }

    /// The present day on the calendar of the tenant.
    func today(of tenant: TenantStore) async throws -> LocalDay { try await zone(of: tenant).local(context.now).day }

    private static func statements(
        of change: LineChange, tenant: TenantSlug, by actor: LineActor
    ) throws -> [SQL] {
        let (line, facts, now) = (change.line, change.line.facts, change.line.now)
        guard !facts.isEmpty else { return change.statements }
        let changed = Set(facts.compactMap { $0.ticket?.id })
        // A ticket that leaves a counter is stored before the one that takes its place.
        let tickets = changed.compactMap { line.tickets[$0] }.sorted {
            ($0.state.status.isAtCounter ? 1 : 0, $0.id) < ($1.state.status.isAtCounter ? 1 : 0, $1.id)
        }
        var statements = change.statements
        statements += try tickets.map {
            try Tickets.upsert($0, name: change.names[$0.id], request: change.requests[$0.id])
        }
        statements += [
            LineRows.record(facts, of: line.queue.id, by: actor, at: now),
            Queues.update(line.queue, lineVersion: line.version, isEdited: change.isEdited),
            Outbox.record(try PublishedEvents.entries(facts, of: line.queue.id, tenant: tenant, at: now)),
        ]
        return statements
    }
}
