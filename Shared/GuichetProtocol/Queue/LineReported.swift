/// Queue answered a request for the state of a line. All parts of an answer are as of one version of the line; together
/// they have every ticket that is waiting, called, served, put aside or missed. The aggregate is the request; the versions
/// count the parts.
package struct LineReported: Event, WireRules {
    package static let name = EventName("queue", "report", "made", version: 1)
    /// The highest number of tickets in one part.
    package static let maximumTickets = 200

    /// The id of the request.
    package var request: LineRequestID
    /// The line.
    package var line: LineSnapshot
    /// The version of the last event of the line that the answer includes.
    package var version: Int
    /// Tickets of the line.
    package var tickets: [TicketSnapshot]
    /// The number of this part, from 1.
    package var part: Int
    /// The number of parts of the answer.
    package var parts: Int

    package static let rules: [String: WireRule] = [
        "version": .bounds(minimum: 0, maximum: nil), "tickets": .maximumCount(maximumTickets),
        "part": .bounds(minimum: 1, maximum: nil), "parts": .bounds(minimum: 1, maximum: nil),
    ]

    package init(
        request: LineRequestID, line: LineSnapshot, version: Int, tickets: [TicketSnapshot], part: Int, parts: Int
    ) {
        (self.request, self.line, self.version) = (request, line, version)
        (self.tickets, self.part, self.parts) = (tickets, part, parts)
    }
}
