import EventLoop

/// What happened, in order, and a way to wait for it that ends as soon as it did.
@EventLoop
final class Journal<Entry: Sendable> {
    struct Late: Error, CustomStringConvertible { let description: String }

    private(set) var entries: [Entry] = []
    private var waiters: [(isMet: ([Entry]) -> Bool, continuation: CheckedContinuation<Bool, Never>, id: Int)] = []
    private var nextID = 0

    nonisolated init() {}

    func record(_ entry: Entry) {
        entries.append(entry)
        settle { $0.isMet(entries) ? true : nil }
    }

    /// Returns once `condition` holds; throws when it does not within `limit`.
    func wait(
        within limit: Duration = .seconds(20), _ what: String = #function, until condition: @escaping ([Entry]) -> Bool
    ) async throws {
        guard !condition(entries) else { return }
        nextID += 1
        let id = nextID
        let timer = EventLoop.schedule(after: limit) { self.settle { $0.id == id ? false : nil } }
        let isMet = await withCheckedContinuation { waiters.append((condition, $0, id)) }
        timer.cancel()
        guard isMet else { throw Late(description: "\(what): not within \(limit); so far \(entries.count) entries") }
    }

    private func settle(
        _ verdict: ((isMet: ([Entry]) -> Bool, continuation: CheckedContinuation<Bool, Never>, id: Int)) -> Bool?
    ) {
        waiters.removeAll { waiter in
            guard let isMet = verdict(waiter) else { return false }
            waiter.continuation.resume(returning: isMet)
            return true
        }
    }
}

/// A gate at which handlers wait until the test opens it.
@EventLoop
final class Gate {
    private var isOpen = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    nonisolated init() {}

    func pass() async {
        guard !isOpen else { return }
        await withCheckedContinuation { waiters.append($0) }
    }

    func open() {
        isOpen = true
        for waiter in waiters { waiter.resume() }
        waiters = []
    }
}
