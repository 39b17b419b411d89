/// Runs work one run at a time for each key. All requests that arrive during a run are served by one more run after it.
@EventLoop
package final class Coalescer<Key: Hashable & Sendable> {
    /// Keys with a run under way; true if another run must follow.
    private var runs: [Key: Bool] = [:]

    /// Starts without any runs.
    package nonisolated init() {}

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
                await body()
            } while runs[key] == true
            runs[key] = nil
        }
    }
}
