import Postgres
import Primitives

/// Attempts to log in since the last success, by the digest of the address that was tried.
enum LoginAttempts {
    /// What is known of an address once an attempt was counted.
    struct State: Sendable {
        let attempts: Int
        let lockedUntil: Instant?
    }

    /// Counts an attempt, unless the address is locked.
    static func count(on index: [UInt8], at now: Instant) -> Query<State> {
        .one(
            """
            INSERT INTO login_attempts AS known (email_index, attempts, updated_at) VALUES (\(index), 1, \(now))
            ON CONFLICT (email_index) DO UPDATE SET updated_at = \(now),
                attempts = known.attempts + CASE WHEN known.locked_until > \(now) THEN 0 ELSE 1 END
            RETURNING attempts, locked_until
            """
        ) { State(attempts: try $0.get("attempts"), lockedUntil: try $0.find("locked_until")) }
    }

    static func lock(_ index: [UInt8], until end: Instant) -> SQL {
        "UPDATE login_attempts SET locked_until = \(end) WHERE email_index = \(index)"
    }

    static func clear(_ index: [UInt8]) -> SQL { "DELETE FROM login_attempts WHERE email_index = \(index)" }
}
