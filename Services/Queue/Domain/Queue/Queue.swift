package import Primitives

/// A queue of a tenant: what is configured, and whether patients can join.
package struct Queue: Hashable, Sendable {
    /// The most open tickets that any queue has.
    package static let maximumTickets = 10_000
    /// The most counters of a queue.
    package static let maximumCounters = 50

    /// The id of the queue.
    package let id: Identifier<Queue>
    /// What the clinic decides.
    package var settings: QueueSettings
    /// Whether patients can join.
    package var isOpen: Bool
    /// The message to everyone who waits; nil when there is none.
    package var message: Announcement?
    /// The day of the last number, on the calendar of the tenant; nil before the first.
    package var day: LocalDay?
    /// The last number of that day.
    package var lastNumber: Int

    package init(
        id: Identifier<Queue>, settings: QueueSettings, isOpen: Bool = false, message: Announcement? = nil,
        day: LocalDay? = nil, lastNumber: Int = 0
    ) {
        (self.id, self.settings, self.isOpen, self.message) = (id, settings, isOpen, message)
        (self.day, self.lastNumber) = (day, lastNumber)
    }

    /// Takes the next number. Numbers start from 1 on a new day, and never go back, even if the clock does.
    package mutating func takeNumber(on today: LocalDay) -> TicketNumber {
        if day.map({ $0 < today }) ?? true { (day, lastNumber) = (today, 0) }
        lastNumber += 1
        return TicketNumber(day: day ?? today, value: lastNumber)
    }
}

/// The number of a ticket, unique in its queue.
package struct TicketNumber: Hashable, Sendable {
    /// The day of the number.
    package let day: LocalDay
    /// Counts from 1 on each day.
    package let value: Int

    package init(day: LocalDay, value: Int) { (self.day, self.value) = (day, value) }
}
