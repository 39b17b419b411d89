import EventLoop

/// The last events of one room, oldest first.
struct EventLog {
    private var events: [EncodedEvent] = []
    /// The index of the oldest event.
    private var first = 0
    private var byteCount = 0
    /// Events up to here are no longer there.
    private var droppedThrough: UInt64

    /// A log of the events after `sequence`.
    init(since sequence: UInt64) { droppedThrough = sequence }

    mutating func append(_ event: EncodedEvent, _ limits: RecoveryLimits) {
        events.append(event)
        byteCount += event.size
        while events.count - first > limits.events || byteCount > limits.bytes { dropFirst() }
    }

    mutating func prune(before time: ContinuousClock.Instant) {
        while first < events.count, events[first].time < time { dropFirst() }
        if first == events.count { (events, first) = ([], 0) }
    }

    /// Whether all events after `sequence` are there.
    func isComplete(after sequence: UInt64) -> Bool { sequence >= droppedThrough }

    /// The events after `sequence`.
    func events(after sequence: UInt64) -> ArraySlice<EncodedEvent> {
        var (low, high) = (first, events.count)
        while low < high {
            let middle = (low + high) / 2
            if events[middle].sequence <= sequence { low = middle + 1 } else { high = middle }
        }
        return events[low...]
    }

    private mutating func dropFirst() {
        let dropped = events[first]
        droppedThrough = dropped.sequence
        byteCount -= dropped.size
        first += 1
        guard first > 32, first > events.count / 2 else { return }
        events.removeFirst(first)
        first = 0
    }
}
