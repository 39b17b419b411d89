import EventLoop

/// Joins elements with the same key that several callers bring at nearly the same time: they are handled together, one
/// batch of a key after the other.
///
/// Elements of an idle key do not wait. Those that arrive while a batch is handled, or just after one, gather for the
/// next one. The events of a schema come from several queues, and a transaction for all of them costs little more than
/// one for those of a queue.
@EventLoop
final class JointHandling<Key: Hashable & Sendable, Element: Sendable, Outcome: Sendable> {
    /// A batch that gathers, and the other callers that wait for its outcome.
    private final class Batch {
        var elements: [Element]
        var callers: [Promise<Outcome>] = []

        init(_ elements: [Element]) { self.elements = elements }
    }

    private struct Activity {
        var gathering: Batch?
        /// Fulfilled when the batch that is being handled ends; nil while none is.
        var handling: Promise<Void>?
        var lastEnd: ContinuousClock.Instant?
    }

    /// How long a batch of a busy key gathers.
    private let gatheringTime: Duration
    /// How long a key is busy after a batch.
    private let busyTime: Duration
    private var activities: [Key: Activity] = [:]

    nonisolated init(gatheringTime: Duration = .milliseconds(4), busyTime: Duration = .milliseconds(100)) {
        (self.gatheringTime, self.busyTime) = (gatheringTime, busyTime)
    }

    /// Handles elements by `body`, which may get those of other callers as well; returns the outcome for all of them.
    func handle(
        _ elements: [Element], of key: Key, _ body: @EventLoop ([Element]) async -> Outcome
    ) async -> Outcome {
        if let batch = activities[key]?.gathering {
            let outcome = Promise<Outcome>()
            batch.elements += elements
            batch.callers.append(outcome)
            return await outcome.fulfilment()
        }
        let batch = Batch(elements)
        if isBusy(key) {
            activities[key]?.gathering = batch
            await activities[key]?.handling?.fulfilment()
            // It throws only if the task is cancelled; then the elements are handled at once.
            try? await EventLoop.sleep(for: gatheringTime)
        }
        let end = Promise<Void>()
        activities[key] = Activity(handling: end)
        let outcome = await body(batch.elements)
        activities[key]?.handling = nil
        activities[key]?.lastEnd = .now
        end.fulfil()
        for caller in batch.callers { caller.fulfil(outcome) }
        return outcome
    }

    /// Forgets the keys that have become idle.
    private func isBusy(_ key: Key) -> Bool {
        let now = ContinuousClock.now
        activities = activities.filter { _, activity in
            activity.handling != nil || activity.gathering != nil
                || activity.lastEnd.map { now - $0 < busyTime } ?? false
        }
        return activities[key] != nil
    }
}
