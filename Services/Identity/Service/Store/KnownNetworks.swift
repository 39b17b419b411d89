import GuichetProtocol
import Postgres
import Primitives

/// The networks from which a user has logged in within 90 days, the latest twenty. Attacks from other networks do not
/// lock these out.
enum KnownNetworks {
    private static let limit = 20
    private static let lifetime: Duration = .seconds(90 * 86_400)

    /// Whether the user with this digest of their address has logged in from there.
    static func contain(_ network: [UInt8], ofUserWithIndex index: [UInt8]) -> Query<Bool> {
        Query(
            """
            SELECT FROM known_networks JOIN users ON users.id = user_id
            WHERE email_index = \(index) AND digest = \(network)
            """
        ) { !$0.isEmpty }
    }

    /// Records a login, and keeps the latest networks only.
    static func record(_ network: [UInt8], of user: UserID, at now: Instant) -> [SQL] {
        [
            """
            INSERT INTO known_networks (user_id, digest, seen_at) VALUES (\(user), \(network), \(now))
            ON CONFLICT (user_id, digest) DO UPDATE SET seen_at = excluded.seen_at
            """,
            """
            DELETE FROM known_networks WHERE user_id = \(user) AND digest NOT IN (
                SELECT digest FROM known_networks WHERE user_id = \(user) ORDER BY seen_at DESC LIMIT \(limit))
            """,
        ]
    }

    static func remove(of user: UserID) -> SQL { "DELETE FROM known_networks WHERE user_id = \(user)" }

    static func removeExpired(at now: Instant) -> SQL {
        "DELETE FROM known_networks WHERE seen_at < \(now - lifetime)"
    }
}
