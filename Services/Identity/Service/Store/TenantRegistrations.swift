import GuichetProtocol
import IdentityDomain
import Messaging
import Postgres
import Primitives

/// A tenant as it was created and changed: a row of `tenant_registrations`.
///
/// The table `tenants` beside it is the one that the directory of every service keeps, with the state of the tenant's
/// schema. Identity writes both in one transaction.
struct TenantRegistration: Sendable {
    let profile: TenantProfile
    /// Counts changes.
    let revision: EntityVersion
    /// Counts announcements.
    let announcements: Int
    let createdAt: Instant
    /// Since when it is closed; nil while it is open.
    let closedAt: Instant?

    /// The event for all services; its version is the count of announcements, this one included.
    func announcement(at now: Instant, causation: EventAttributes? = nil) throws -> SQL {
        try Outbox.record(
            TenantAnnounced(profile: profile), of: profile.id.description, version: announcements,
            tenant: profile.slug, at: now, causation: causation)
    }
}

/// A tenant as a path names it.
enum TenantName: Sendable {
    case id(TenantID)
    case slug(TenantSlug)

    fileprivate var condition: SQL {
        switch self {
        case .id(let id): "id = \(id)"
        case .slug(let slug): "slug = \(slug)"
        }
    }
}

extension TenantRegistration {
    private static let columns: SQL = """
        id, slug, name, address, time_zone, locale, phone_country, database, allowed_origins, revision, announcements,
        created_at, closed_at, \(SQL.generation) AS generation
        """

    private init(_ row: Row) throws {
        let origins: [String] = try row.get("allowed_origins")
        closedAt = try row.find("closed_at")
        profile = TenantProfile(
            id: try row.get("id"), slug: try row.get("slug"), name: try row.get("name"),
            address: try row.get("address"), timeZone: try row.get("time_zone"), locale: try row.get("locale"),
            phoneCountry: try row.get("phone_country"), database: try row.get("database"),
            allowedOrigins: origins.isEmpty ? nil : origins,
            end: closedAt.map { _ in TenantProfile.closed })
        revision = EntityVersion(generation: try row.get("generation"), number: try row.get("revision"))
        announcements = try row.get("announcements")
        createdAt = try row.get("created_at")
    }

    /// Inserts a tenant; conflicts with `tenant_slug_is_free`.
    static func insert(_ profile: TenantProfile, at now: Instant) -> Query<TenantRegistration> {
        .one(
            """
            INSERT INTO tenant_registrations
                (id, slug, name, address, time_zone, locale, phone_country, database, allowed_origins, created_at,
                    updated_at)
            VALUES (\(profile.id), \(profile.slug), \(profile.name), \(profile.address), \(profile.timeZone),
                \(profile.locale), \(profile.phoneCountry), \(profile.database),
                \(profile.allowedOrigins ?? [])::text[], \(now), \(now))
            RETURNING \(columns)
            """, Self.init)
    }

    /// Changes what is given, and counts an announcement.
    static func change(
        _ tenant: TenantID, name: DisplayName?, locale: LanguageTag?, allowedOrigins: AllowedOrigins?, at now: Instant
    ) -> Query<TenantRegistration> {
        .one(
            """
            UPDATE tenant_registrations
            SET name = coalesce(\(name?.description), name), locale = coalesce(\(locale?.description), locale),
                allowed_origins = coalesce(\(allowedOrigins?.texts)::text[], allowed_origins),
                revision = revision + 1, announcements = announcements + 1, updated_at = \(now)
            WHERE id = \(tenant) RETURNING \(columns)
            """, Self.init)
    }

    /// Closes the tenant or, for nil, opens it again, and counts an announcement.
    static func close(_ tenant: TenantID, since instant: Instant?, at now: Instant) -> Query<TenantRegistration> {
        .one(
            """
            UPDATE tenant_registrations SET closed_at = \(instant)::timestamptz, revision = revision + 1,
                announcements = announcements + 1, updated_at = \(now)
            WHERE id = \(tenant) RETURNING \(columns)
            """, Self.init)
    }

    /// Counts an announcement of every tenant.
    static let announceAll: Query<[TenantRegistration]> = .all(
        "UPDATE tenant_registrations SET announcements = announcements + 1 RETURNING \(columns)", Self.init)

    /// The tenant; nil if there is none.
    static func named(_ name: TenantName) -> Query<TenantRegistration?> {
        .first("SELECT \(columns) FROM tenant_registrations WHERE \(name.condition)", Self.init)
    }

    /// Those of the tenants that exist and are open.
    static func open(among tenants: [TenantSlug]) -> Query<[TenantSlug]> {
        .all(
            """
            SELECT slug FROM tenant_registrations
            WHERE slug = ANY (\(tenants.map(\.description))::text[]) AND closed_at IS NULL
            """
        ) { try $0.get("slug") }
    }

    /// Reads the tenant and locks its row until the transaction ends.
    static func locked(_ name: TenantName) -> Query<TenantRegistration?> {
        .first("SELECT \(columns) FROM tenant_registrations WHERE \(name.condition) FOR UPDATE", Self.init)
    }

    /// At most `limit` tenants in the order of their slugs, after `slug`.
    static func page(after slug: TenantSlug?, limit: Int) -> Query<[TenantRegistration]> {
        .all(
            """
            SELECT \(columns) FROM tenant_registrations
            WHERE \(slug)::text IS NULL OR slug > \(slug) ORDER BY slug LIMIT \(limit)
            """, Self.init)
    }
}

/// Which services have the schema of a tenant ready.
enum TenantReadiness {
    /// - Parameter id: nil in events of earlier releases.
    static func record(
        _ service: TenantSlug, isReadyFor tenant: TenantSlug, _ id: TenantID?, since time: Instant
    ) -> SQL {
        """
        INSERT INTO tenant_services AS known (tenant, service, ready_at, tenant_id)
        VALUES (\(tenant), \(service), \(time),
            coalesce(\(id)::uuid, (SELECT id FROM tenant_registrations WHERE slug = \(tenant))))
        ON CONFLICT (tenant, service) DO UPDATE SET ready_at = excluded.ready_at, tenant_id = excluded.tenant_id
            WHERE known.tenant_id IS NULL OR excluded.tenant_id > known.tenant_id
        """
    }

    /// The service has removed its schema of the tenant.
    static func remove(_ service: TenantSlug, of tenant: TenantID) -> SQL {
        "DELETE FROM tenant_services WHERE service = \(service) AND tenant_id = \(tenant)"
    }

    static func services(of name: TenantName) -> Query<[TenantView.ReadyService]> {
        .all(
            """
            SELECT service, ready_at FROM tenant_services JOIN tenant_registrations AS named ON named.slug = tenant
            WHERE named.\(name.condition) AND (tenant_id IS NULL OR tenant_id = named.id) ORDER BY service
            """
        ) { TenantView.ReadyService(service: try $0.get("service"), readyAt: try $0.get("ready_at")) }
    }
}

/// The time zones that tenants may have.
enum TimeZones {
    /// Whether PostgreSQL knows the name as one of the IANA zones, not as an alias of its own.
    static func contain(_ name: String) -> Query<Bool> {
        Query(
            """
            SELECT 1 FROM pg_timezone_names
            WHERE name = \(name) AND (name LIKE '%/%' OR name = 'UTC') AND name !~ '^(posix|right|SystemV|Etc)/'
            """
        ) { !$0.isEmpty }
    }
}
