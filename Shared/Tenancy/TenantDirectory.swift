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
    package enum State: String, Sendable { case preparing, ready, failed }

    private struct Entry {
        let profile: TenantProfile
        let state: State
        let fingerprint: String
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

    /// The data of a ready tenant. Throws ``Fault``.
    package func store(for slug: TenantSlug) async throws -> TenantStore {
        if entries[slug]?.state != .ready, mayReload(slug) { try await reload() }
        guard let entry = entries[slug] else { throw Fault.unknown(slug) }
        guard entry.state == .ready, let store = store(of: entry) else { throw Fault.notReady(slug) }
        return store
    }

    /// The database server of a tenant; nil for the home server, which every process needs, and for unknown tenants.
    package func serverElsewhere(of slug: TenantSlug) -> String? {
        entries[slug].flatMap { $0.profile.database == servers.names[0] ? nil : $0.profile.database }
    }

    /// Whether pages of that origin may read what callers of the tenant are answered. Nil stands for a caller who may be
    /// of any tenant: an origin that one of them permits is permitted then.
    package func permits(_ origin: String, for tenant: TenantSlug?) -> Bool {
        guard let tenant else { return permittedOrigins.contains(origin) }
        return entries[tenant]?.profile.allowedOrigins?.contains(origin) == true
    }

    /// The number of ready tenants.
    package var readyCount: Int { entries.values.count { $0.state == .ready } }

    /// The schemas by server; servers without schemas are left out.
    package var rounds: [ServerSchemas] {
        let fingerprint = tenantMigrator.fingerprint
        let ready = Dictionary(grouping: entries.values.filter { $0.state == .ready }, by: \.profile.database)
        return servers.names.compactMap { name in
            let here = ready[name, default: []]
            let registry = name == servers.names[0] ? self.registry : nil
            guard !here.isEmpty || registry != nil else { return nil }
            // While a migration proceeds from tenant to tenant, the function is called in a schema that has it already.
            let (present, behind) = (
                here.filter { $0.fingerprint == fingerprint }, here.filter { $0.fingerprint != fingerprint }
            )
            return ServerSchemas(
                server: name, tenants: (present + behind).compactMap(store(of:)), registry: registry)
        }
    }

    /// Tenants whose schema is missing, older than this program, or failed before.
    package var unprepared: [TenantSlug] { unpreparedByServer.values.joined().sorted() }

    /// The same by the name of their database server.
    package var unpreparedByServer: [String: [TenantSlug]] {
        let fingerprint = tenantMigrator.fingerprint
        let unprepared = entries.values.filter { $0.state != .ready || $0.fingerprint != fingerprint }
        return Dictionary(grouping: unprepared, by: \.profile.database).mapValues { $0.map(\.profile.slug).sorted() }
    }

    /// Reads the changes since the last call.
    package func reload() async throws {
        // Transaction timestamps are not in commit order, so read again a little before the last change seen.
        let rows = try await registry.inBackground.query(
            """
            SELECT slug, profile::text AS profile, state, schema_fingerprint, updated_at FROM tenants
            WHERE updated_at > \(lastChange - .seconds(10))
            """)
        for row in rows {
            let profile = try JSONDecoder().decode(
                TenantProfile.self, from: Data(row.get("profile", as: String.self).utf8))
            let state = State(rawValue: try row.get("state")) ?? .failed
            entries[profile.slug] = Entry(
                profile: profile, state: state, fingerprint: try row.get("schema_fingerprint"))
            recentMisses[profile.slug] = nil
            lastChange = max(lastChange, try row.get("updated_at"))
        }
        if !rows.isEmpty { permittedOrigins = Set(entries.values.flatMap { $0.profile.allowedOrigins ?? [] }) }
    }

    /// The statement that records an announcement; it ignores versions older than the known one.
    package func registration(of profile: TenantProfile, version: Int) throws -> SQL {
        let json = try JSONOutput.text(profile)
        return """
            INSERT INTO tenants (slug, id, profile, version)
            VALUES (\(profile.slug), \(profile.id), \(json)::jsonb, \(version))
            ON CONFLICT (slug) DO UPDATE
                SET profile = excluded.profile, version = excluded.version, updated_at = now()
                WHERE excluded.version > tenants.version
            """
    }

    /// Migrates one tenant's schema and marks it ready, or marks it failed and throws.
    package func prepare(_ slug: TenantSlug) async throws {
        guard let entry = entries[slug] else { throw Fault.unknown(slug) }
        do {
            guard let connections = servers.connections(to: entry.profile.database) else {
                throw PostgresError.unconfigured(server: entry.profile.database)
            }
            let (migrator, schema) = (tenantMigrator, Schema(service: service, tenant: slug))
            try await connections.scripts.run { try migrator.migrate(schema, on: $0) }
            let announcement = entry.state == .ready ? [] : try onReady(entry.profile)
            try await mark(slug, .ready, fingerprint: migrator.fingerprint, failure: nil, announcement)
            preparedHere.insert(slug)
        } catch {
            try await mark(slug, .failed, fingerprint: "", failure: String(reflecting: error), [])
            throw error
        }
    }

    private func mark(
        _ slug: TenantSlug, _ state: State, fingerprint: String, failure: String?, _ announcement: [SQL]
    ) async throws {
        try await registry.inBackground.batch(
            [
                """
                UPDATE tenants SET state = \(state.rawValue), schema_fingerprint = \(fingerprint), failure = \(failure),
                    updated_at = now() WHERE slug = \(slug)
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
    static let tenancy = MigrationSet("tenancy", [Migration(1, "tenants", PackageResources.V0001_tenants_sql)])

    /// What a schema needs to refuse a write whose deadline has passed.
    static let deadlines = MigrationSet(
        "deadlines", [Migration(1, "deadlines", PackageResources.V0002_deadlines_sql)])
}
