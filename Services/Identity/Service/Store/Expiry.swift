import Postgres
import Primitives

/// What a tenant's schema does not keep for ever.
enum Expiry {
    private static let day: Duration = .seconds(86_400)

    /// Removes sessions, tickets and attempts that have no effect any more, and audit lines older than a year.
    static func remove(at now: Instant) -> [SQL] {
        [
            "DELETE FROM sessions WHERE expires_at < \(now - day)",
            "DELETE FROM enrolment_tickets WHERE expires_at < \(now)",
            "DELETE FROM login_attempts WHERE updated_at < \(now - day)", LoginAttempts.removeExpired(at: now),
            KnownNetworks.removeExpired(at: now),
            "DELETE FROM access_audit WHERE at < \(now - day * 365)",
        ]
    }
}
