package import EventLoop

/// A record of events in order, which can wait for a condition and returns as soon as it holds.
@EventLoop
package final class Journal<Entry: Sendable> {
    /// The expected event did not happen.
    package struct Late: Error, CustomStringConvertible { package let description: String }

    /// In the order of their recording.
    package private(set) var entries: [Entry] = []
    private var waiters: [(isMet: ([Entry]) -> Bool, promise: Promise<Bool>, id: Int)] = []
    private var nextID = 0

    nonisolated package init() {}

    /// Adds an entry.
    package func record(_ entry: Entry) {
        entries.append(entry)
        settle { $0.isMet(entries) ? true : nil }
    }

    /// Returns once `condition` holds; throws ``Late`` if it does not within `limit`.
    package func wait(
        within limit: Duration = .seconds(60), _ what: String = #function, until condition: @escaping ([Entry]) -> Bool
    ) async throws {
        guard !condition(entries) else { return }
        nextID += 1
        let id = nextID
        let timer = EventLoop.schedule(after: limit) { self.settle { $0.id == id ? false : nil } }
        let promise = Promise<Bool>()
        waiters.append((condition, promise, id))
        let isMet = await promise.fulfilment()
        timer.cancel()
        guard isMet else { throw Late(description: "\(what): not within \(limit); so far \(entries.count) entries") }
    }

    private func settle(
        _ verdict: ((isMet: ([Entry]) -> Bool, promise: Promise<Bool>, id: Int)) -> Bool?
    ) {
        waiters.removeAll { waiter in
            guard let isMet = verdict(waiter) else { return false }
            waiter.promise.fulfil(isMet)
            return true
        }
    }
}

/// A gate at which handlers wait until the test opens it.
@EventLoop
package final class Gate {
    private var isOpen = false
    private var waiters: [Promise<Void>] = []

    nonisolated package init() {}

    /// Returns once the gate is open.
    package func pass() async {
        guard !isOpen else { return }
        let waiter = Promise<Void>()
        waiters.append(waiter)
        await waiter.fulfilment()
    }

    /// Opens the gate for all present and future handlers.
    package func open() {
        isOpen = true
        for waiter in waiters { waiter.fulfil() }
        waiters = []
    }
}
