import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Tenancy

/// Asks publishers for facts that a service has not got: those from before it listened, and those that were lost.
@EventLoop
struct ReplayRequests {
    /// The most aggregates of a schema that are asked for at once.
    private static let limit = 100

    let service: TenantSlug
    let facts: [AggregateName]

    /// Asks for the whole history in schemas that do not follow all the kinds of aggregates yet.
    func askForHistories(in round: ServerSchemas) async throws {
        guard !facts.isEmpty else { return }
        let names = facts.map(\.description)
        let rows = try await round.queryAll(round.schemas) {
            "SELECT * FROM unfollowed_aggregates(\($0)::text[], \(names)::text[])"
        }
        for (tenant, store) in round.places where rows[store.schema] != nil {
            try await store.inBackground.transaction { transaction in
                let added = try await transaction.query(
                    """
                    INSERT INTO followed_aggregates (name) SELECT unnest(\(names)::text[]) ON CONFLICT DO NOTHING
                    RETURNING name
                    """)
                let news = Set(try added.map { try $0.get("name", as: String.self) })
                for kind in facts where news.contains(kind.description) {
                    transaction.later([try Self.request(kind, from: service, tenant)])
                }
            }
        }
    }

    /// Asks for what is missing before facts that have waited for a minute, and for an hour again and again.
    func askForMissing(in store: SchemaStore, _ tenant: TenantSlug) async throws {
        try await store.inBackground.transaction { transaction in
            let rows = try await transaction.query(Self.missing)
            for row in rows {
                let aggregate = try Inbox.aggregate(in: row)
                guard let kind = AggregateName(of: aggregate) else { continue }
                let missing = MissingVersions(
                    subject: aggregate.name, generation: try row.get("generation"), from: try row.get("from_version"),
                    through: try row.get("through_version"))
                transaction.later([
                    try Self.request(kind, from: service, tenant, missing),
                    """
                    UPDATE inbox SET asked_at = now()
                    WHERE source = \(aggregate.source) AND aggregate = \(aggregate.name)
                    """,
                ])
            }
        }
    }

    /// The statement that asks for events of a kind of aggregates, or for what is missing of one.
    static func request(
        _ kind: AggregateName, from asker: TenantSlug, _ tenant: TenantSlug, _ missing: MissingVersions? = nil
    ) throws -> SQL {
        guard let publisher = TenantSlug(kind.service) else { throw MalformedEvent(reason: "no service \(kind)") }
        let request = ReplayRequested(
            asker: asker, publisher: publisher, aggregate: kind.aggregate, missing: missing)
        return try Outbox.record(
            request, of: EventID.new().description, version: 1, tenant: tenant, at: .now)
    }

    /// The first gap of each aggregate whose next fact is not parked.
    private static let missing: SQL = """
        SELECT * FROM (
            SELECT DISTINCT ON (source, aggregate) source, aggregate,
                CASE WHEN continues OR generation_start > last + 1 THEN known ELSE held_facts.generation END AS generation,
                CASE WHEN continues OR generation_start > last + 1 THEN last + 1 ELSE generation_start END AS from_version,
                CASE WHEN NOT continues AND generation_start > last + 1 THEN generation_start
                    ELSE held_facts.version END - 1 AS through_version,
                state
            FROM held_facts JOIN (SELECT source, aggregate, generation AS known, version AS last, asked_at FROM inbox)
                AS followed USING (source, aggregate)
            CROSS JOIN LATERAL (SELECT held_facts.generation = known) AS same (continues)
            WHERE held_at < now() - interval '1 minute' AND (asked_at IS NULL OR asked_at < now() - CASE
                WHEN held_at < now() - interval '1 hour' THEN interval '1 hour' ELSE interval '5 minutes' END)
            ORDER BY source, aggregate, held_facts.generation, held_facts.version
        ) AS gaps WHERE state = 'held' AND from_version <= through_version LIMIT \(limit)
        """
}

extension ServerSchemas {
    /// The schemas and whose they are, the service's own first.
    fileprivate var places: [(tenant: TenantSlug, store: SchemaStore)] {
        (registry.map { [(.platform, $0)] } ?? []) + tenants.map { ($0.tenant.slug, $0.data) }
    }
}
