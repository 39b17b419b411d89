/// Runs work of one kind one run at a time for each key. Requests that come while a run is under way are answered by one
/// more run after it.
@EventLoop
package final class Coalescer<Key: Hashable & Sendable> {
    /// Keys with a run under way; true when another run must follow.
    private var runs: [Key: Bool] = [:]

    /// Without any run.
    package nonisolated init() {}

    /// Asks for a run of `body`, one that begins after this call. Returns at once.
    ///
    /// A run that follows another uses the `body` of the request that started the first: bodies of one key do the same.
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
