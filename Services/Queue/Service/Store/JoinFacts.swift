import Postgres
import Primitives
import QueueDomain
import WaitingLine

/// What decides about a request to join, beside the line.
struct JoinFacts: Sendable {
    /// The ticket that the same request made before; nil if it made none.
    let same: Identifier<Ticket>?
    /// Whether that request was the same in everything.
    let hasSameFingerprint: Bool
    /// The ticket of the token that the browser has; nil if there is none in this queue.
    let formerTicket: Identifier<Ticket>?
    /// Whether that token opens an open ticket of another queue.
    let isElsewhere: Bool
    /// The number of tickets before the one that the patient has already.
    let rank: Int
    /// How many tickets of the queue are open.
    let open: Int
    /// The end of the line.
    let tail: LineTail

    /// One statement, so that it sees the line as the lock protects it.
    ///
    /// - Parameters:
    ///   - former: the digest of the token that the browser has.
    ///   - place: a place that is not behind the one of the newcomer.
    static func find(
        former: [UInt8]?, request: JoinRequest?, place: Place, in scope: LineScope
    ) -> Query<JoinFacts> {
        .one(
            """
            WITH same AS (
                SELECT id, place, fingerprint FROM tickets WHERE queue = \(scope.queue) AND request = \(request?.digest)::bytea
            ), former AS (
                SELECT id, place, queue FROM tickets WHERE token_digest = \(former)::bytea AND \(Tickets.areOpen)
            ), present AS (
                SELECT id, place FROM same UNION ALL SELECT id, place FROM former WHERE queue = \(scope.queue)
            ), waiting AS (
                SELECT id, place FROM tickets WHERE queue = \(scope.queue) AND status = 'waiting'
            )
            SELECT (SELECT id FROM same) AS same,
                coalesce((SELECT fingerprint = \(request?.fingerprint)::bytea FROM same), true) AS is_same,
                (SELECT id FROM former WHERE queue = \(scope.queue)) AS former,
                EXISTS (SELECT FROM former WHERE queue <> \(scope.queue)) AS is_elsewhere,
                (SELECT count(*) FROM waiting WHERE (place, id) < (SELECT place, id FROM present LIMIT 1)) AS before,
                (SELECT count(*) FROM tickets WHERE queue = \(scope.queue) AND \(Tickets.areOpen)) AS open,
                count(*) AS waiting,
                coalesce(array_agg(place) FILTER (WHERE place > \(place.milliseconds)), '{}') AS behind
            FROM waiting
            """
        ) { row in
            JoinFacts(
                same: try row.find("same"), hasSameFingerprint: try row.get("is_same"),
                formerTicket: try row.find("former"), isElsewhere: try row.get("is_elsewhere"),
                rank: try row.get("before"), open: try row.get("open"),
                tail: LineTail(waiting: try row.get("waiting"), behind: try row.get("behind")))
        }
    }
}
