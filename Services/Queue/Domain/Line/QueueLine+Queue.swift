package import Primitives

// Changes of the queue itself.
extension QueueLine {
    /// Lets patients join. Does nothing if they can already.
    package mutating func open() {
        guard !queue.isOpen else { return }
        queue.isOpen = true
        record(.opened)
    }

    /// Stops patients from joining; those who wait stay. Does nothing if the queue is closed.
    package mutating func close() {
        guard queue.isOpen else { return }
        queue.isOpen = false
        record(.closed)
    }

    /// Sends a message to everyone who waits, or withdraws it.
    package mutating func announce(_ message: Announcement?) {
        guard queue.message != message else { return }
        queue.message = message
        record(.announced)
    }

    /// Replaces what the clinic decides.
    package mutating func change(_ settings: QueueSettings) {
        queue.settings = settings
        record(.changed)
        recordApproaches()
    }

    /// Adds a counter, or replaces one of the same id.
    package mutating func set(_ counter: Counter) throws(QueueError) {
        guard !counters.contains(where: { $0.id != counter.id && $0.label == counter.label }) else {
            throw .counterLabelTaken
        }
        if let index = counters.firstIndex(where: { $0.id == counter.id }) {
            counters[index] = counter
        } else {
            counters.append(counter)
        }
        record(.changed)
    }

    /// Removes a counter. Throws ``QueueError/counterOccupied`` while it has a ticket.
    package mutating func remove(_ counter: Identifier<Counter>) throws(QueueError) {
        guard ticket(at: counter) == nil else { throw .counterOccupied }
        guard counters.contains(where: { $0.id == counter }) else { throw .counterUnknown }
        counters.removeAll { $0.id == counter }
        record(.changed)
    }

    /// Closes the queue and ends every open ticket that was read: visits are over, and all others leave.
    package mutating func endDay() {
        close()
        for ticket in tickets.values.filter(\.state.status.isOpen).sorted(by: { $0.id < $1.id }) {
            var ended = ticket
            let isVisit = ticket.state.status.isAtCounter
            ended.state.status = isVisit ? .finished : .left
            ended.state.endedAt = now
            ended.undo = nil
            record(isVisit ? .finished : .left, ended)
        }
    }
}
