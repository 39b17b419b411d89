import Postgres
import Primitives
import QueueDomain

/// Numbers of the tickets that joined a queue in some period.
enum LineStatistics {
    /// The numbers of the tickets that joined from `from` on and before `to`: in total, by day, by hour, and by counter.
    ///
    /// A ticket counts as a no-show if the last thing that happened to it at a counter is that the patient did not come, so
    /// neither an undone one counts nor one who came later.
    static func numbers(
        of queue: Identifier<Queue>, from: Instant, to: Instant, zone: String
    ) -> Query<[TicketCount]> {
        Query<[TicketCount?]>.all(
            """
            WITH visits AS (
                SELECT (t.joined_at AT TIME ZONE \(zone)::text)::date AS day,
                    extract(hour FROM t.joined_at AT TIME ZONE \(zone)::text)::int AS hour, t.counter, t.status, t.called_at,
                    extract(epoch FROM t.called_at - t.joined_at) AS wait,
                    CASE WHEN t.status = 'finished'
                        THEN extract(epoch FROM t.ended_at - coalesce(t.served_at, t.called_at)) END AS visit,
                    coalesce(last.verb = 'missed', false) AS is_missed,
                    e.at_most * 60 AS at_most, (e.at_least + e.at_most) * 30 AS middle
                FROM tickets t LEFT JOIN wait_estimates e ON e.ticket = t.id LEFT JOIN LATERAL (
                    SELECT verb FROM line_transitions l
                    WHERE l.ticket = t.id AND verb IN ('called', 'missed', 'served', 'finished', 'restored')
                    ORDER BY version DESC LIMIT 1) AS last ON true
                WHERE t.queue = \(queue) AND t.joined_at >= \(from) AND t.joined_at < \(to)
            )
            SELECT day::text AS day, hour, counter, min(c.label) AS label, grouping(day, hour, counter) AS level,
                count(*) AS arrivals, count(called_at) AS called, count(*) FILTER (WHERE status = 'finished') AS finished,
                count(*) FILTER (WHERE is_missed) AS no_shows,
                count(*) FILTER (WHERE status = 'left' AND NOT is_missed) AS went,
                round(percentile_cont(0.5) WITHIN GROUP (ORDER BY wait))::int AS median_wait,
                round(percentile_cont(0.8) WITHIN GROUP (ORDER BY wait))::int AS slow_wait,
                round(percentile_cont(0.5) WITHIN GROUP (ORDER BY visit))::int AS median_visit,
                round(percentile_cont(0.8) WITHIN GROUP (ORDER BY visit))::int AS slow_visit,
                count(*) FILTER (WHERE at_most IS NOT NULL AND wait IS NOT NULL) AS estimated,
                count(*) FILTER (WHERE wait <= at_most) AS kept,
                round(percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(wait - middle)))::int AS median_error
            FROM visits v LEFT JOIN counters c ON c.id = v.counter
            GROUP BY GROUPING SETS ((), (day), (hour), (counter))
            ORDER BY level DESC, day, hour, label, counter
            """, read
        )
        .map { $0.compactMap { $0 } }
    }

    /// Nil for the tickets that no counter has called, which are no group of their own.
    @Sendable private static func read(_ row: Row) throws -> TicketCount? {
        guard let group = try group(row) else { return nil }
        return TicketCount(
            group: group, arrivals: try row.get("arrivals"), called: try row.get("called"),
            finished: try row.get("finished"), noShows: try row.get("no_shows"), left: try row.get("went"),
            medianWait: try row.find("median_wait"), slowWait: try row.find("slow_wait"),
            medianVisit: try row.find("median_visit"), slowVisit: try row.find("slow_visit"),
            estimated: try row.get("estimated"), keptEstimates: try row.get("kept"),
            medianError: try row.find("median_error"))
    }

    /// The bits of `level` say which columns are not grouped by.
    private static func group(_ row: Row) throws -> TicketCount.Group? {
        switch try row.get("level", as: Int.self) {
        case 0b111: return .total
        case 0b011:
            guard let day = LocalDay(try row.get("day", as: String.self)) else { throw CorruptRow("tickets") }
            return .day(day)
        case 0b101: return .hour(try row.get("hour"))
        default:
            guard let counter: Identifier<Counter> = try row.find("counter") else { return nil }
            return .counter(counter, CounterLabel(stored: try row.get("label")))
        }
    }

    /// Stores the expected wait that a patient got at the joining.
    static func record(_ ticket: Identifier<Ticket>, atLeast: Int, atMost: Int) -> SQL {
        """
        INSERT INTO wait_estimates (ticket, at_least, at_most) VALUES (\(ticket), \(atLeast), \(atMost))
        ON CONFLICT DO NOTHING
        """
    }
}
