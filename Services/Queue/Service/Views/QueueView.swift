import Primitives
import QueueDomain

/// A queue as it is configured, and whether patients can join.
struct QueueView: Codable, Hashable, Sendable {
    /// The id of the queue.
    let id: Identifier<Queue>
    /// The name as patients read it.
    let name: QueueName
    /// The letters and digits before each number; empty for none.
    let numberPrefix: NumberPrefix
    /// The least number of digits of a number.
    let numberDigits: Int
    /// How many tickets may be open before patients are refused.
    let capacity: Int
    /// A turn is near when at most so many people are before the ticket.
    let nearAt: Int
    /// How many minutes a visit takes as far as the clinic expects; absent if it expects none.
    let expectedVisitMinutes: Int?
    /// How many times the call of a ticket may be repeated.
    let recallLimit: Int
    /// A patient who returns after a missed call, or is late, waits behind so many others.
    let returnBehind: Int
    /// Whether patients may join who have an open ticket in another queue.
    let acceptsOtherTickets: Bool
    /// Whether patients can join.
    let isOpen: Bool
    /// The message to everyone who waits; absent when there is none.
    let message: Announcement?
    /// The counters in the order in which they were added.
    let counters: [CounterView]
    /// The version of the queue, which changes with everything here.
    let version: EntityVersion

    init(_ queue: Queue, _ counters: [Counter], version: EntityVersion) {
        let settings = queue.settings
        (id, name, isOpen, message) = (queue.id, settings.name, queue.isOpen, queue.message)
        (numberPrefix, numberDigits) = (NumberPrefix(stored: settings.numbers.prefix), settings.numbers.digits)
        (capacity, nearAt) = (settings.capacity, settings.nearAt)
        (expectedVisitMinutes, recallLimit) = (settings.expectedVisitMinutes, settings.recallLimit)
        (returnBehind, acceptsOtherTickets) = (settings.returnBehind, settings.acceptsOtherTickets)
        (self.counters, self.version) = (counters.map(CounterView.init), version)
    }
}

/// A counter or a room of a queue.
struct CounterView: Codable, Hashable, Sendable {
    /// The id of the counter.
    let id: Identifier<Counter>
    /// The label as patients read it.
    let label: CounterLabel
    /// Whether it takes tickets at present.
    let isInService: Bool

    init(_ counter: Counter) { (id, label, isInService) = (counter.id, counter.label, counter.isInService) }
}
