import AvailabilityDomain
import Postgres
import Primitives

/// The generation of Booking's data that a tenant's copy was made from.
enum BookingGeneration {
    /// The present generation, as an expression.
    static let number: SQL = "(SELECT number FROM booking_generation)"

    /// Enters a later generation; returns no row if it was entered before. Transactions that follow events of the
    /// generation before end first.
    static func enter(_ generation: Int) -> Query<Bool> {
        Query("UPDATE booking_generation SET number = \(generation) WHERE number < \(generation) RETURNING number") {
            !$0.isEmpty
        }
    }

    /// The present generation, which does not change until the transaction ends.
    static let locked: Query<Int> = .one("SELECT number FROM booking_generation FOR SHARE") { try $0.get("number") }

    /// Forgets what was known of the generation before: no appointment, and a calendar that any version replaces. All
    /// days are withheld until Booking has reported them. The order is that in which other transactions lock the rows.
    static func reset(at now: Instant) -> [SQL] {
        [
            "UPDATE calendar SET version = 0",
            "DELETE FROM placements",
            """
            UPDATE days SET doubt = coalesce(doubt, \(Doubt.unknown.rawValue)), report = NULL, is_answered = false,
                doubted_at = coalesce(doubted_at, \(now)), ask_at = \(now), calendar_version = -1
            WHERE day IN (SELECT day FROM days ORDER BY day FOR UPDATE)
            """,
        ]
    }
}
