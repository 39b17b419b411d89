import Postgres
import Primitives
import QueueDomain

/// What the join tokens of a queue depend on, beside a key of the configuration.
struct JoinKey: Sendable {
    /// Raised when the tokens are revoked.
    let generation: Int
    let rotation: JoinRotation
}

/// The statements about the join tokens of queues.
enum JoinKeys {
    /// The key of a queue; nil if there is no such queue.
    static func find(_ queue: Identifier<Queue>) -> Query<JoinKey?> {
        .first("SELECT join_generation, join_rotation_minutes FROM queues WHERE id = \(queue)", key)
    }

    /// Replaces the key of a queue. Answers nil if there is no such queue.
    ///
    /// - Parameter rotation: nil to keep the present one.
    static func replace(_ queue: Identifier<Queue>, rotation: JoinRotation?) -> Query<JoinKey?> {
        .first(
            """
            UPDATE queues SET join_generation = join_generation + 1,
                join_rotation_minutes = coalesce(\(rotation?.minutes)::int, join_rotation_minutes)
            WHERE id = \(queue) RETURNING join_generation, join_rotation_minutes
            """, key)
    }

    @Sendable private static func key(_ row: Row) throws -> JoinKey {
        guard let rotation = JoinRotation(minutes: try row.get("join_rotation_minutes")) else {
            throw CorruptRow("queues")
        }
        return JoinKey(generation: try row.get("join_generation"), rotation: rotation)
    }
}
