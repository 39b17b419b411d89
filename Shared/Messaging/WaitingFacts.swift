package import EventLoop
import GuichetProtocol
import Postgres
import Primitives
package import Tenancy

/// A fact that waits for its predecessor.
package struct WaitingFact: Sendable, CustomStringConvertible {
    /// The id of its CloudEvent.
    package let id: String
    /// The CloudEvents type.
    package let type: String
    /// `<aggregate>/<id>`.
    package let subject: String
    /// The version of the aggregate.
    package let version: Int
    /// Since when it has waited, as PostgreSQL writes it.
    package let since: String

    package var description: String { "\(id)  \(type)  \(subject) version \(version), since \(since)" }

    init(_ row: Row) throws {
        (id, type) = (try row.get("event_id"), try row.get("type"))
        (subject, version) = (try row.get("aggregate"), try row.get("version"))
        since = try row.get("held_at")
    }
}

/// The facts that wait in the schemas of a service, for an operator.
@EventLoop
package struct WaitingFacts: Sendable {
    private static let limit = 100

    private let subscriptions: SubscriptionTable
    private let directory: TenantDirectory

    package init(_ subscriptions: [Subscription], _ directory: TenantDirectory) {
        (self.subscriptions, self.directory) = (SubscriptionTable(subscriptions), directory)
    }

    /// The oldest facts, whose predecessor is neither here nor parked, of the schema of a tenant or, for nil, of the
    /// service's own.
    package func missingPredecessor(of tenant: TenantStore?) async throws -> [WaitingFact] {
        try await (tenant?.data ?? directory.registry).query(
            """
            SELECT DISTINCT ON (source, aggregate) event_id, type, aggregate, version, held_at::text AS held_at
            FROM held_facts WHERE NOT EXISTS (
                SELECT 1 FROM held_facts AS parked WHERE parked.source = held_facts.source
                    AND parked.aggregate = held_facts.aggregate AND parked.state = 'parked')
            ORDER BY source, aggregate, generation, version LIMIT \(Self.limit)
            """
        ).map(WaitingFact.init)
    }

    /// All schemas that are ready, nil for the service's own; none if the service takes every fact of no aggregate.
    package var places: [TenantStore?] {
        subscriptions.facts.isEmpty ? [] : [nil] + directory.rounds.flatMap { $0.tenants + $0.closed }
    }

    func behind(_ event: EventAttributes) async throws -> [WaitingFact] {
        guard let store = try await store(of: event) else { return [] }
        return try await store.query(
            """
            SELECT event_id, type, aggregate, version, held_at::text AS held_at FROM held_facts
            WHERE source = \(event.source) AND aggregate = \(event.subject) AND state = 'held'
                AND (generation, version) > (\(event.generation ?? 1)::bigint, \(event.version)::bigint)
            ORDER BY generation, version LIMIT \(Self.limit)
            """
        ).map(WaitingFact.init)
    }

    /// Lets the facts behind this one pass it over.
    func skip(_ event: EventAttributes) async throws {
        try await store(of: event)?.batch(HeldFacts.mark(event, as: .skipped))
    }

    /// Nil if the event is no fact.
    private func store(of event: EventAttributes) async throws -> SchemaStore? {
        guard subscriptions.isFact(event) else { return nil }
        guard subscriptions.scope(of: event) == .tenant else { return directory.registry }
        return try await directory.storeOfAny(event.tenantid)?.data
    }
}
