import Postgres
import Primitives

/// Attempts to prove an account since the last success, by the digests of the address that was tried and of the source.
///
/// A transaction locks the row of a source before the row of all sources, so that no two wait for each other.
enum LoginAttempts {
    /// The source that counts all attempts on an account.
    static let anySource: [UInt8] = []

    /// What is known once an attempt was counted.
    struct State: Sendable {
        let attempts: Int
        let lockedUntil: Instant?
    }

    /// Counts an attempt, unless the source is locked.
    static func count(on index: [UInt8], from source: [UInt8], at now: Instant) -> Query<State> {
        .one(
            """
            INSERT INTO attempts AS known (email_index, source, count, updated_at)
            VALUES (\(index), \(source), 1, \(now))
            ON CONFLICT (email_index, source) DO UPDATE SET updated_at = \(now),
                count = known.count + CASE WHEN known.locked_until > \(now) THEN 0 ELSE 1 END
            RETURNING count, locked_until
            """
        ) { State(attempts: try $0.get("count"), lockedUntil: try $0.find("locked_until")) }
    }

    static func lock(_ index: [UInt8], from source: [UInt8], until end: Instant) -> SQL {
        "UPDATE attempts SET locked_until = \(end) WHERE email_index = \(index) AND source = \(source)"
    }

    /// Forgets the attempts of a source, and the count of all.
    static func clear(_ index: [UInt8], from source: [UInt8]) -> [SQL] {
        [
            "DELETE FROM attempts WHERE email_index = \(index) AND source = \(source)",
            "DELETE FROM attempts WHERE email_index = \(index) AND source = \(anySource)",
        ]
    }

    /// Forgets all attempts on an account.
    static func clear(_ index: [UInt8]) -> [SQL] {
        [
            "DELETE FROM attempts WHERE email_index = \(index) AND source <> \(anySource)",
            "DELETE FROM attempts WHERE email_index = \(index) AND source = \(anySource)",
        ]
    }

    /// Forgets what no attempt was added to for a day. Rows that are being counted are left for the next time.
    static func removeExpired(at now: Instant) -> SQL {
        """
        DELETE FROM attempts WHERE (email_index, source) IN (
            SELECT email_index, source FROM attempts WHERE updated_at < \(now - .seconds(86_400))
            FOR UPDATE SKIP LOCKED)
        """
    }
}
