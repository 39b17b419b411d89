import BookingDomain
import Postgres
import Primitives

/// Slots that are kept for a while.
enum Holds {
    /// How many holds of an account have not lapsed.
    static func count(of owner: Identifier<Actor>, at now: Instant) -> Query<Int> {
        .one(
            """
            SELECT count(*) AS held FROM appointments
            WHERE owner = \(owner) AND status = 'held' AND held_until > \(now)
            """
        ) { try $0.get("held") }
    }

    /// Raises GU003 if the account has as many holds already.
    static func requireFewer(than limit: Int, of owner: Identifier<Actor>, at now: Instant) -> SQL {
        "SELECT require_fewer_holds(\(owner), \(limit)::int, \(now))"
    }

    /// The first holds that have lapsed and are still stored as held.
    static func lapsed(at now: Instant, limit: Int) -> Query<[StoredAppointment]> {
        .all(
            """
            SELECT \(StoredAppointment.columns) FROM appointments
            WHERE status = 'held' AND held_until <= \(now) ORDER BY held_until LIMIT \(limit)
            """, StoredAppointment.init)
    }

    /// When the next hold of this schema lapses; nil if there is none.
    static let nextDeadline: Query<Instant?> = .first(
        "SELECT held_until FROM first_holds(ARRAY[current_schema()::text])", deadline)

    /// When the next hold of each of these schemas lapses: a row for each schema that has one.
    static func nextDeadlines(in schemas: [String]) -> SQL { "SELECT * FROM first_holds(\(schemas)::text[])" }

    /// The deadline in a row of ``nextDeadlines(in:)``.
    static func deadline(_ row: Row) throws -> Instant { try row.get("held_until") }
}
