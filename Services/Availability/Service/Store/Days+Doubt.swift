import AvailabilityDomain
import GuichetProtocol
import Postgres
import Primitives

// The doubt about a day, from its beginning to the report that ends it.
extension Days {
    /// A day in doubt, and how often a report about it was asked for.
    struct Overdue: Sendable {
        let day: LocalDay
        let attempts: Int
    }

    /// Withholds days until a report arrives that is asked for from now on.
    static func withhold(_ days: [LocalDay], because doubt: Doubt, at now: Instant) -> SQL {
        """
        UPDATE days SET doubt = \(doubt.rawValue), doubted_at = coalesce(doubted_at, \(now)), report = NULL,
            is_answered = false, ask_at = \(now)
        WHERE day IN (
            SELECT day FROM days WHERE day = ANY (\(days.map(\.description))::date[]) ORDER BY day FOR UPDATE)
        """
    }

    /// The days whose report has to be asked for. Days that another process has locked are left out.
    static func overdue(at now: Instant) -> Query<[Overdue]> {
        .all(
            """
            SELECT day::text AS day, attempts FROM days WHERE doubt IS NOT NULL AND ask_at <= \(now)
            ORDER BY day LIMIT 100 FOR UPDATE SKIP LOCKED
            """
        ) { Overdue(day: try day($0), attempts: try $0.get("attempts")) }
    }

    /// Stores that a report was asked for, and when to ask for another one.
    static func asked(_ days: [LocalDay], report: ReportID, nextAt next: Instant) -> SQL {
        """
        UPDATE days SET report = coalesce(report, \(report)), attempts = attempts + 1, ask_at = \(next)
        WHERE day = ANY (\(days.map(\.description))::date[])
        """
    }

    /// Stores that a report about these days has arrived; returns the days whose doubt it ends. Any report is accepted
    /// that was asked for after the doubt arose: ids rise with time.
    static func answer(_ report: ReportID, _ days: [LocalDay]) -> Query<[LocalDay]> {
        .all(
            """
            UPDATE days SET is_answered = true WHERE day IN (
                SELECT day FROM days WHERE report <= \(report) AND day = ANY (\(days.map(\.description))::date[])
                ORDER BY day FOR UPDATE)
            RETURNING day::text AS day
            """
        ) { try day($0) }
    }

    /// Ends the doubt about days that are locked.
    static func trust(_ days: [LocalDay]) -> SQL {
        """
        UPDATE days SET doubt = NULL, doubted_at = NULL, report = NULL, is_answered = false, attempts = 0, ask_at = NULL
        WHERE day = ANY (\(days.map(\.description))::date[])
        """
    }
}
