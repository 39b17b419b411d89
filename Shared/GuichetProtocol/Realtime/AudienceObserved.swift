/// A process of Realtime has other listeners of a line than before, or repeats which ones it has. The aggregate is the line;
/// the versions only rise. It is sent once, without a record: the next one says the same.
package struct AudienceObserved: Event, WireRules {
    package static let name = EventName("realtime", "audience", "observed", version: 1)
    /// The highest number of tickets that are listed.
    package static let maximumTickets = 5000

    /// The process: a name that is new at each start.
    package var process: String
    /// The queue whose line it is.
    package var queue: QueueID
    /// The tickets whose patients are connected to the process.
    package var tickets: [TicketID]
    /// The displays that are connected to the process.
    package var displays: [DisplayID]

    package static let rules: [String: WireRule] = [
        "process": .length(minimum: 1, maximum: 36), "tickets": .maximumCount(maximumTickets),
        "displays": .maximumCount(1000),
    ]

    package init(process: String, queue: QueueID, tickets: [TicketID], displays: [DisplayID]) {
        (self.process, self.queue, self.tickets, self.displays) = (process, queue, tickets, displays)
    }
}
