/// Runs work one run at a time for each key. All requests that arrive during a run are served by one more run after it.
@EventLoop
package final class Coalescer<Key: Hashable & Sendable> {
    /// Keys with a run under way; true if another run must follow.
    private var runs: [Key: Bool] = [:]
    private let interval: Duration

    /// Starts without any runs.
    ///
    /// - Parameter interval: the shortest time from the start of a run of a key to the start of the next one. The first
    ///   request after a pause is served at once; those that follow it are served together.
    package nonisolated init(interval: Duration = .zero) { self.interval = interval }

    /// Requests a run of `body` that starts after this call. Returns at once.
    ///
    /// A following run uses the `body` of the request that started the first one: all bodies of a key must do the same.
    package func run(_ key: Key, _ body: @escaping @EventLoop () async -> Void) {
        guard runs[key] == nil else {
            runs[key] = true
            return
        }
        runs[key] = false
        EventLoop.start { [self] in
            repeat {
                runs[key] = false
                let next = ContinuousClock.now + interval
                await body()
                await rest(until: next)
            } while runs[key] == true
            runs[key] = nil
        }
    }

    private func rest(until next: ContinuousClock.Instant) async {
        let left = next - .now
        guard interval > .zero, left > .zero else { return }
        // It throws only if the task is cancelled, and nothing has a reference to it.
        try? await EventLoop.sleep(for: left)
    }
}
