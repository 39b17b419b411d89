/// A value that one task waits for and others may deliver, in whichever order that happens.
@EventLoop
package final class Promise<Value: Sendable> {
    private var value: Value?
    private var waiter: CheckedContinuation<Value, Never>?

    /// A promise that nobody has kept yet.
    package nonisolated init() {}

    /// Delivers the value. False, and without effect, when there is one already.
    @discardableResult
    package func keep(_ value: Value) -> Bool {
        guard self.value == nil else { return false }
        self.value = value
        waiter?.resume(returning: value)
        waiter = nil
        return true
    }

    /// The value, once it is there. At most one task may wait at a time.
    package func kept() async -> Value {
        if let value { return value }
        return await withCheckedContinuation { continuation in
            precondition(waiter == nil, "two tasks wait for one promise")
            // Others may have run since the question above.
            if let value { continuation.resume(returning: value) } else { waiter = continuation }
        }
    }
}

extension Promise<Void> {
    /// Delivers that it has happened. False, and without effect, when it was said before.
    @discardableResult
    package func keep() -> Bool { keep(()) }
}
