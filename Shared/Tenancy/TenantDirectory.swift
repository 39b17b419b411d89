package import EventLoop
import FoundationEssentials
package import GuichetProtocol
import JSONCoding
package import Postgres
package import Primitives

/// The tenants that a service serves and where their data is.
///
/// The source of truth is the table `tenants` in the service's own schema. Each process keeps a copy and follows
/// changes by ``reload()``; an unknown tenant triggers a reload before it is refused. So a new tenant is served by
/// every process without a restart.
@EventLoop
package final class TenantDirectory {
    /// Why a tenant cannot be served.
    package enum Fault: Error, Equatable {
        case unknown(TenantSlug)
        /// Its schema is being prepared, or its preparation failed and will be retried.
        case notReady(TenantSlug)

        /// The tenant.
        package var tenant: TenantSlug {
            switch self {
            case .unknown(let slug), .notReady(let slug): slug
            }
        }
    }

    /// The state of a tenant in this service.
    package enum State: String, Sendable { case preparing, ready, failed, removed }

    private struct Entry {
        let profile: TenantProfile
        let state: State
        let fingerprint: String
        /// Whether another tenant had the name before.
        let isSuccessor: Bool
        /// That tenant, until its data is removed.
        let former: TenantProfile?

        /// Whether there is a schema that can be used.
        var isReady: Bool { state == .ready && !profile.isRemoved }
    }

    /// The service that the directory belongs to.
    package let service: TenantSlug
    private let servers: DatabaseServers
    private let registryMigrator: Migrator
    private let tenantMigrator: Migrator
    private var entries: [TenantSlug: Entry] = [:]
    private var permittedOrigins: Set<String> = []
    private var recentMisses: [TenantSlug: ContinuousClock.Instant] = [:]
    private var lastChange = Instant(seconds: 0)
    private var preparedHere: Set<TenantSlug> = []
    /// The rounds of work over a server that have not ended; see ``onEachServer(file:line:_:)``.
    var running: Set<String> = []

    /// Statements that announce a tenant, in the transaction that makes it ready.
    package var onReady: @EventLoop (TenantProfile) throws -> [SQL] = { _ in [] }
    /// Removes what the service has of a tenant outside of its schema, and returns the statements that do so in the
    /// registry. Called before the schema is dropped, and again if that fails.
    package var onRemoval: @EventLoop (TenantProfile) async throws -> [SQL] = { _ in [] }

    /// - Parameters:
    ///   - registry: the migrations of the service's own schema, in addition to the table of tenants.
    ///   - tenants: the migrations of each tenant's schema.
    package init(service: TenantSlug, servers: DatabaseServers, registry: [MigrationSet], tenants: [MigrationSet]) {
        self.service = service
        self.servers = servers
        registryMigrator = Migrator([.tenancy, .deadlines] + registry)
        tenantMigrator = Migrator([.deadlines] + tenants)
    }

    /// The service's own schema, on the home server: data that belongs to no tenant.
    package var registry: SchemaStore { SchemaStore(Schema(service: service), servers.home) }

    /// Migrates the service's own schema and reads the tenants.
    package func open() async throws {
        let (migrator, schema) = (registryMigrator, registry.schema)
        try await servers.home.scripts.run { try migrator.migrate(schema, on: $0) }
        try await reload()
    }

    /// The data of a ready tenant, for its users. Throws ``Fault``; a tenant that is closed is unknown.
    package func store(for slug: TenantSlug) async throws -> TenantStore {
        if entries[slug].map({ !$0.isReady || !$0.profile.isOpen }) ?? true, mayReload(slug) { try await reload() }
        guard let entry = entries[slug], entry.profile.isOpen else { throw Fault.unknown(slug) }
        guard entry.isReady, let store = store(of: entry) else { throw Fault.notReady(slug) }
        return store
    }

    /// The data of a ready tenant, closed or not, for events and operators: what has happened is recorded in any case.
    /// Returns nil if the tenant was removed. Throws ``Fault``.
    package func storeOfAny(_ slug: TenantSlug) async throws -> TenantStore? {
        if entries[slug]?.isReady != true, mayReload(slug) { try await reload() }
        guard let entry = entries[slug] else { throw Fault.unknown(slug) }
        if entry.profile.isRemoved { return nil }
        guard entry.isReady, let store = store(of: entry) else { throw Fault.notReady(slug) }
        return store
    }

    /// Whether the tenant is closed or removed.
    package func hasEnded(_ slug: TenantSlug) -> Bool { entries[slug].map { !$0.profile.isOpen } ?? false }

    /// The database server of a tenant; nil for the home server, which every process needs, and for unknown tenants.
    package func serverElsewhere(of slug: TenantSlug) -> String? {
        entries[slug].flatMap { $0.profile.database == servers.names[0] ? nil : $0.profile.database }
    }

    /// Whether pages of that origin may read what callers of the tenant are answered. Nil stands for a caller who may be
    /// of any tenant: an origin that one of them permits is permitted then.
    package func permits(_ origin: String, for tenant: TenantSlug?) -> Bool {
        guard let tenant else { return permittedOrigins.contains(origin) }
        return entries[tenant].map(Self.origins)?.contains(origin) == true
    }

    /// The id of the tenant that has the name now, or had it last; nil if it is unknown.
    package func id(of slug: TenantSlug) -> TenantID? { entries[slug]?.profile.id }

    /// Whether nothing is left of the tenant in this service.
    package func isRemoved(_ slug: TenantSlug) -> Bool { entries[slug]?.state == .removed }

    private static func origins(of entry: Entry) -> [String] {
        entry.profile.isOpen ? entry.profile.allowedOrigins ?? [] : []
    }

    /// The number of ready tenants.
    package var readyCount: Int { entries.values.count { $0.isReady && $0.profile.isOpen } }

    /// The schemas by server; servers without schemas are left out.
    package var rounds: [ServerSchemas] {
        let fingerprint = tenantMigrator.fingerprint
        let ready = Dictionary(grouping: entries.values.filter(\.isReady), by: \.profile.database)
        return servers.names.compactMap { name in
            let here = ready[name, default: []]
            let registry = name == servers.names[0] ? self.registry : nil
            guard !here.isEmpty || registry != nil else { return nil }
            // While a migration proceeds from tenant to tenant, the function is called in a schema that has it already.
            let sorted = here.filter { $0.fingerprint == fingerprint } + here.filter { $0.fingerprint != fingerprint }
            return ServerSchemas(
                server: name, tenants: sorted.filter(\.profile.isOpen).compactMap(store(of:)),
                closed: sorted.filter { !$0.profile.isOpen }.compactMap(store(of:)), registry: registry)
        }
    }

    /// Tenants whose schema is missing, older than this program, failed before, or is to be removed.
    package var unprepared: [TenantSlug] { unpreparedByServer.values.joined().sorted() }

    /// The same by the name of their database server.
    package var unpreparedByServer: [String: [TenantSlug]] {
        let fingerprint = tenantMigrator.fingerprint
        let unprepared = entries.values.filter {
            $0.profile.isRemoved ? $0.state != .removed : $0.state != .ready || $0.fingerprint != fingerprint
        }
        return Dictionary(grouping: unprepared, by: \.profile.database).mapValues { $0.map(\.profile.slug).sorted() }
    }

    /// Reads the changes since the last call if something has changed a moment ago: a tenant that is closed must not be served
    /// for long.
    package func reloadIfChanged() async throws {
        if try await registry.inBackground.ask(Self.hasChangedLately) { try await reload() }
    }

    /// Whether a tenant has changed a moment ago, asked in the service's own schema.
    package static let hasChangedLately = Query<Bool>(
        "SELECT FROM tenants WHERE updated_at > now() - interval '20 seconds' LIMIT 1"
    ) { !$0.isEmpty }

    /// Reads the changes since the last call.
    package func reload() async throws {
        // Transaction timestamps are not in commit order, so read again a little before the last change seen.
        let rows = try await registry.inBackground.query(
            """
            SELECT profile::text AS profile, state, schema_fingerprint, is_successor, former::text AS former, updated_at
            FROM tenants
            WHERE updated_at > \(lastChange - .seconds(10))
            """)
        for row in rows {
            let entry = try Self.entry(row)
            let profile = entry.profile
            entries[profile.slug] = entry
            recentMisses[profile.slug] = nil
            lastChange = max(lastChange, try row.get("updated_at"))
        }
        if !rows.isEmpty { permittedOrigins = Set(entries.values.flatMap(Self.origins)) }
    }

    /// The statement that records an announcement; it ignores versions older than the known one, and tenants that had the
    /// name before. Ids are made in the order of time.
    package func registration(of profile: TenantProfile, version: Int) throws -> SQL {
        let json = try JSONOutput.text(profile)
        return """
            INSERT INTO tenants (slug, id, profile, version)
            VALUES (\(profile.slug), \(profile.id), \(json)::jsonb, \(version))
            ON CONFLICT (slug) DO UPDATE
                SET id = excluded.id, profile = excluded.profile, version = excluded.version, updated_at = now(),
                    state = CASE WHEN excluded.id = tenants.id THEN tenants.state ELSE 'preparing' END,
                    schema_fingerprint = CASE WHEN excluded.id = tenants.id THEN tenants.schema_fingerprint ELSE '' END,
                    is_successor = tenants.is_successor OR excluded.id <> tenants.id,
                    former = CASE WHEN excluded.id = tenants.id OR tenants.state = 'removed' THEN tenants.former
                        ELSE coalesce(tenants.former, tenants.profile) END
                WHERE excluded.id > tenants.id OR excluded.id = tenants.id AND excluded.version > tenants.version
            """
    }

    private static func entry(_ row: Row) throws -> Entry {
        func profile(_ text: String) throws -> TenantProfile {
            try JSONDecoder().decode(TenantProfile.self, from: Data(text.utf8))
        }
        return Entry(
            profile: try profile(row.get("profile")), state: State(rawValue: try row.get("state")) ?? .failed,
            fingerprint: try row.get("schema_fingerprint"), isSuccessor: try row.get("is_successor"),
            former: try row.find("former", as: String.self).map(profile))
    }

    /// Migrates one tenant's schema and marks it ready, or marks it failed and throws. Removes the schema of a tenant that was
    /// removed, and first that of a tenant that had the name before.
    package func prepare(_ slug: TenantSlug) async throws {
        guard let entry = entries[slug] else { throw Fault.unknown(slug) }
        do {
            if let former = entry.former {
                try await remove(former, leaving: ["UPDATE tenants SET former = NULL WHERE slug = \(slug)"])
            }
            if entry.profile.isRemoved { try await remove(entry) } else { try await migrate(entry) }
        } catch {
            try await mark(entry, .failed, fingerprint: "", failure: String(reflecting: error), [])
            throw error
        }
    }

    private func migrate(_ entry: Entry) async throws {
        let connections = try connections(of: entry.profile)
        let (migrator, schema) = (tenantMigrator, Schema(service: service, tenant: entry.profile.slug))
        let owner = entry.profile.id.description
        try await connections.scripts.run { connection in
            do {
                try migrator.migrate(schema, of: owner, on: connection)
            } catch Migrator.Fault.occupied(_, let former) where former < owner {
                // A slow process has made it once more for the tenant that was removed.
                try Migrator.drop(schema, of: former, on: connection)
                try migrator.migrate(schema, of: owner, on: connection)
            }
        }
        if entry.isSuccessor { try await beginGeneration(in: SchemaStore(schema, connections)) }
        let announcement = entry.state == .ready ? [] : try onReady(entry.profile)
        try await mark(entry, .ready, fingerprint: migrator.fingerprint, failure: nil, announcement)
        preparedHere.insert(entry.profile.slug)
    }

    /// Messages of the tenant that had the name before may still be on their way: versions of the new one are newer.
    private func beginGeneration(in store: SchemaStore) async throws {
        let hasGenerations = try await store.inBackground.query(
            "SELECT FROM pg_class WHERE oid = to_regclass('generation')")
        guard !hasGenerations.isEmpty else { return }
        try await store.inBackground.batch([
            "SELECT begin_generation() FROM generation WHERE number = 1",
            "UPDATE generation SET announced_at = now() WHERE announced_at IS NULL",
        ])
    }

    private func remove(_ entry: Entry) async throws {
        let (profile, state) = (entry.profile, State.removed.rawValue)
        try await remove(
            profile,
            leaving: [
                """
                UPDATE tenants SET state = \(state), schema_fingerprint = '', failure = NULL, updated_at = now()
                WHERE slug = \(profile.slug) AND id = \(profile.id)
                """
            ])
    }

    /// Removes what the service has of a tenant, in an order in which it can be repeated.
    private func remove(_ profile: TenantProfile, leaving statements: [SQL]) async throws {
        let connections = try connections(of: profile)
        let (schema, owner) = (Schema(service: service, tenant: profile.slug), profile.id.description)
        let traces = try await onRemoval(profile)
        try await connections.scripts.run { try Migrator.drop(schema, of: owner, on: $0) }
        try await registry.inBackground.transaction { transaction in
            // In a process that is slow the tenant may be removed, and another one have its name.
            let pending = try await transaction.query(
                """
                SELECT FROM tenants WHERE slug = \(profile.slug)
                    AND (id = \(profile.id) AND state <> 'removed' OR former->>'id' = \(owner)) FOR UPDATE
                """)
            if !pending.isEmpty { try await transaction.batch(statements + traces) }
        }
        try await reload()
    }

    private func connections(of profile: TenantProfile) throws -> DatabaseServers.Connections {
        guard let connections = servers.connections(to: profile.database) else {
            throw PostgresError.unconfigured(server: profile.database)
        }
        return connections
    }

    private func mark(
        _ entry: Entry, _ state: State, fingerprint: String, failure: String?, _ announcement: [SQL]
    ) async throws {
        try await registry.inBackground.batch(
            [
                """
                UPDATE tenants SET state = \(state.rawValue), schema_fingerprint = \(fingerprint), failure = \(failure),
                    updated_at = now() WHERE slug = \(entry.profile.slug) AND id = \(entry.profile.id)
                """
            ] + announcement)
        try await reload()
    }

    private func store(of entry: Entry) -> TenantStore? {
        servers.connections(to: entry.profile.database).map {
            TenantStore(
                tenant: entry.profile,
                data: SchemaStore(Schema(service: service, tenant: entry.profile.slug), $0))
        }
    }

    /// Unknown tenants trigger a reload at most once a second each, and their number is bounded: a flood of invented
    /// names must not become a flood of queries.
    private func mayReload(_ slug: TenantSlug) -> Bool {
        let now = ContinuousClock.now
        if let last = recentMisses[slug], now - last < .seconds(1) { return false }
        if recentMisses.count >= 1000 { recentMisses = recentMisses.filter { now - $0.value < .seconds(1) } }
        guard recentMisses.count < 1000 else { return false }
        recentMisses[slug] = now
        return true
    }
}

extension MigrationSet {
    static let tenancy = MigrationSet(
        "tenancy",
        [
            Migration(1, "tenants", PackageResources.V0001_tenants_sql),
            Migration(2, "ends of tenants", PackageResources.V0003_ends_of_tenants_sql),
        ])

    /// What a schema needs to refuse a write whose deadline has passed.
    static let deadlines = MigrationSet(
        "deadlines", [Migration(1, "deadlines", PackageResources.V0002_deadlines_sql)])
}
