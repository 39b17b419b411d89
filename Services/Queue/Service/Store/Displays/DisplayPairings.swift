import GuichetProtocol
import Postgres
import Primitives
import QueueDomain

/// Screens that wait to be paired, in the service's own schema: they do not know their tenant yet.
enum DisplayPairings {
    /// How many may wait at a time.
    static let limit = 10_000

    /// A screen that staff have confirmed.
    struct Confirmed: Sendable {
        let tenant: TenantSlug
        let display: DisplayID
    }

    /// A pairing that has not expired.
    struct Pairing: Sendable {
        let expiresAt: Instant
        /// Nil until staff have confirmed it.
        let confirmed: Confirmed?
    }

    /// Stores a pairing. Answers false if the code is taken, or too many screens wait.
    static func insert(_ code: ShortCode, secretDigest: [UInt8], until expiry: Instant, at now: Instant) -> Query<Bool>
    {
        Query(
            """
            INSERT INTO display_pairings (code, secret_digest, expires_at)
            SELECT \(code.description)::text, \(secretDigest)::bytea, \(expiry)::timestamptz
            WHERE (SELECT count(*) FROM display_pairings WHERE expires_at > \(now)) < \(limit)
            ON CONFLICT (code) DO UPDATE SET secret_digest = excluded.secret_digest, expires_at = excluded.expires_at,
                tenant = NULL, display = NULL WHERE display_pairings.expires_at <= \(now)
            RETURNING code
            """
        ) { !$0.isEmpty }
    }

    /// Confirms a pairing for a tenant. Answers the display: that of the first confirmation if the tenant confirms it again;
    /// nil if no screen waits under the code, or another tenant was faster.
    static func confirm(
        _ code: ShortCode, as display: DisplayID, of tenant: TenantSlug, at now: Instant
    ) -> Query<DisplayID?> {
        .first(
            """
            UPDATE display_pairings SET tenant = \(tenant), display = coalesce(display, \(display)::uuid)
            WHERE code = \(code.description) AND expires_at > \(now) AND coalesce(tenant, \(tenant)) = \(tenant)
            RETURNING display
            """
        ) { try $0.get("display") }
    }

    /// The pairing of the screen that has a secret; nil if it has expired.
    static func find(secretDigest: [UInt8], at now: Instant) -> Query<Pairing?> {
        .first(
            """
            SELECT expires_at, tenant, display FROM display_pairings
            WHERE secret_digest = \(secretDigest) AND expires_at > \(now)
            """
        ) { row in
            let (tenant, display) = (
                try row.find("tenant", as: TenantSlug.self), try row.find("display", as: DisplayID.self)
            )
            return Pairing(
                expiresAt: try row.get("expires_at"),
                confirmed: tenant.flatMap { tenant in display.map { Confirmed(tenant: tenant, display: $0) } })
        }
    }

    /// Removes the pairing of a display that is removed.
    static func remove(_ display: DisplayID, of tenant: TenantSlug) -> SQL {
        "DELETE FROM display_pairings WHERE tenant = \(tenant) AND display = \(display)"
    }

    /// Removes the pairings of a tenant that is removed.
    static func remove(_ tenant: TenantSlug) -> SQL { "DELETE FROM display_pairings WHERE tenant = \(tenant)" }

    /// Removes what has expired.
    static func prune(at now: Instant) -> SQL { "DELETE FROM display_pairings WHERE expires_at <= \(now)" }
}
