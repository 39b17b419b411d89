package import Primitives

/// Marks ids of queues.
package enum QueueKind {}
/// The id of a queue.
package typealias QueueID = Identifier<QueueKind>

/// Marks ids of counters.
package enum CounterKind {}
/// The id of a counter.
package typealias CounterID = Identifier<CounterKind>

/// What everyone who follows a line may see of it, as it is after an event.
package struct LineSnapshot: Codable, Hashable, Sendable, WireRules {
    /// The highest number of calls that are repeated with the line.
    package static let maximumCalls = 8
    /// The highest number of counters of a queue.
    package static let maximumCounters = 50

    /// The queue whose line it is.
    package var queue: QueueID
    /// The name of the queue as patients read it.
    package var name: String
    /// Whether patients can join.
    package var isOpen: Bool
    /// The message to everyone who waits; absent when there is none.
    package var message: String?
    /// A turn is near when at most so many people are before the ticket.
    package var nearAt: Int
    /// How long visits take at present; absent below three samples.
    package var pace: PaceSnapshot?
    /// The counters, in the order in which the clinic lists them.
    package var counters: [CounterSnapshot]
    /// The last calls, the newest first.
    package var calls: [CallSnapshot]

    package static let rules: [String: WireRule] = [
        "nearAt": .bounds(minimum: 0, maximum: 100), "counters": .maximumCount(maximumCounters),
        "calls": .maximumCount(maximumCalls), "name": .length(minimum: 1, maximum: 80),
        "message": .length(minimum: 1, maximum: 280),
    ]

    package init(
        queue: QueueID, name: String, isOpen: Bool, message: String?, nearAt: Int, pace: PaceSnapshot?,
        counters: [CounterSnapshot], calls: [CallSnapshot]
    ) {
        (self.queue, self.name, self.isOpen, self.message) = (queue, name, isOpen, message)
        (self.nearAt, self.pace, self.counters, self.calls) = (nearAt, pace, counters, calls)
    }
}

/// How long a visit takes, by the visits that were observed of late.
package struct PaceSnapshot: Codable, Hashable, Sendable, WireRules {
    /// The length of a typical visit in seconds: the median.
    package var typicalSeconds: Int
    /// The length in seconds that four visits of five do not exceed.
    package var slowSeconds: Int
    /// The number of visits that were observed.
    package var samples: Int

    package static let rules: [String: WireRule] = [
        "typicalSeconds": .bounds(minimum: 1, maximum: nil), "slowSeconds": .bounds(minimum: 1, maximum: nil),
        "samples": .bounds(minimum: 3, maximum: nil),
    ]

    package init(typicalSeconds: Int, slowSeconds: Int, samples: Int) {
        (self.typicalSeconds, self.slowSeconds, self.samples) = (typicalSeconds, slowSeconds, samples)
    }
}

/// A counter or a room where tickets are served.
package struct CounterSnapshot: Codable, Hashable, Sendable, WireRules {
    /// The id of the counter.
    package var id: CounterID
    /// The name of the counter as patients read it, for example `Cabinet 2`.
    package var label: String
    /// Whether the counter takes tickets at present.
    package var isInService: Bool
    /// Since when the counter has been occupied by a ticket that was called or is served; absent when it is free.
    package var servingSince: Instant?

    package static let rules: [String: WireRule] = ["label": .length(minimum: 1, maximum: 40)]

    package init(id: CounterID, label: String, isInService: Bool, servingSince: Instant?) {
        (self.id, self.label, self.isInService, self.servingSince) = (id, label, isInService, servingSince)
    }
}

/// A call of a ticket, as a display shows it.
package struct CallSnapshot: Codable, Hashable, Sendable, WireRules {
    /// The ticket that was called.
    package var ticket: TicketID
    /// The number of the ticket as it is shown.
    package var number: String
    /// The label of the counter that called; absent when no counter did.
    package var counter: String?
    /// The time of the last call of this ticket, recalls included.
    package var at: Instant
    /// How many times the call was repeated.
    package var recalls: Int

    package static let rules: [String: WireRule] = ["recalls": .bounds(minimum: 0, maximum: nil)]

    package init(ticket: TicketID, number: String, counter: String?, at: Instant, recalls: Int) {
        (self.ticket, self.number, self.counter, self.at, self.recalls) = (ticket, number, counter, at, recalls)
    }
}
