package import EventLoop
import GuichetProtocol
package import Postgres
package import Primitives
package import Tenancy

/// What a service does after its data of a tenant was restored from a backup: it tells the others that versions are used
/// again, and asks its publishers for what it has handled since the backup.
@EventLoop
package struct Restoration {
    private let service: TenantSlug
    private let kinds: [AggregateName]
    private let directory: TenantDirectory

    /// - Parameter subscriptions: what the service listens to.
    package init(of service: TenantSlug, _ subscriptions: [Subscription], _ directory: TenantDirectory) {
        (self.service, self.directory) = (service, directory)
        // Events of the platform are recorded by every service, and said again when they are needed.
        kinds = SubscriptionTable(subscriptions).aggregates.filter {
            $0.service != "platform" && $0.service != service.description
        }
    }

    /// Announces the restored tenant, for `guichet` the service's own schema. Begins a new generation unless the
    /// transaction that restored the schema did. Returns the generation.
    package func announce(_ tenant: TenantSlug) async throws -> Int {
        let store = tenant == .platform ? directory.registry : try await directory.store(for: tenant).data
        return try await store.transaction { transaction in
            let number: Int = try await transaction.query(
                """
                SELECT CASE WHEN announced_at IS NULL THEN number ELSE begin_generation() END AS number FROM generation
                """)[0].get("number")
            transaction.later([
                "UPDATE generation SET announced_at = now()",
                try Outbox.record(
                    TenantRestored(service: service, tenant: tenant, generation: number),
                    of: "\(service)/\(tenant)", version: number, tenant: tenant, at: .now),
            ])
            transaction.later(try kinds.map { try ReplayRequests.request($0, from: service, tenant) })
            return number
        }
    }
}

extension SQL {
    /// The generation of the versions in the present schema, as an expression: for ETags and cursors that must not be
    /// taken for those from before a restore.
    package static let generation: SQL = "(SELECT number FROM generation)"

    /// The columns that ``Postgres/Row/version()`` reads.
    package static let version: SQL = "version, \(generation) AS generation"
}

extension Row {
    /// The version of a row of ``Postgres/SQL/version``, in the generation of the schema.
    package func version() throws -> EntityVersion {
        EntityVersion(generation: try get("generation"), number: try get("version"))
    }
}
