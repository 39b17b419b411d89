/// A value that one task waits for and others may deliver, in either order.
@EventLoop
package final class Promise<Value: Sendable> {
    private var value: Value?
    private var waiter: CheckedContinuation<Value, Never>?

    /// Not yet fulfilled.
    package nonisolated init() {}

    /// Delivers the value. Returns false, without effect, if there is one already.
    @discardableResult
    package func fulfil(_ value: Value) -> Bool {
        guard self.value == nil else { return false }
        self.value = value
        waiter?.resume(returning: value)
        waiter = nil
        return true
    }

    /// Waits for the value and returns it. At most one task may wait at a time.
    package func fulfilment() async -> Value {
        if let value { return value }
        return await withCheckedContinuation { continuation in
            precondition(waiter == nil, "two tasks wait for one promise")
            // Other jobs may have run since the check above.
            if let value { continuation.resume(returning: value) } else { waiter = continuation }
        }
    }
}

extension Promise<Void> {
    /// Delivers the event. Returns false, without effect, if it was delivered before.
    @discardableResult
    package func fulfil() -> Bool { fulfil(()) }
}
