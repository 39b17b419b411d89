internal import CSystem
internal import Glibc
internal import Synchronization

/// An `eventfd` that wakes a connection thread.
final class Wakeup: Sendable {
    let descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))

    init() { precondition(descriptor >= 0, "a connection to the broker needs an eventfd") }
    deinit { close(descriptor) }

    func signal() { eventfd_write(descriptor, 1) }

    func reset() {
        var value: eventfd_t = 0
        eventfd_read(descriptor, &value)
    }
}

/// Requests of other threads to a connection thread, in order. One wake-up serves all that arrive before they are
/// taken.
final class RequestQueue<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let wakeup: Wakeup
    private let limit: Int

    init(wakeup: Wakeup, limit: Int) { (self.wakeup, self.limit) = (wakeup, limit) }

    /// The result of adding an element.
    enum Admission { case accepted, full, closed }

    func append(_ element: Element) -> Admission {
        let (admission, isFirst) = state.withLock { state -> (Admission, Bool) in
            if state.isClosed { return (.closed, false) }
            if state.elements.count >= limit { return (.full, false) }
            state.elements.append(element)
            return (.accepted, state.elements.count == 1)
        }
        if isFirst { wakeup.signal() }
        return admission
    }

    func takeAll() -> [Element] {
        state.withLock { state in
            let elements = state.elements
            state.elements = []
            return elements
        }
    }

    /// Closes the requests and returns the remaining elements.
    func close() -> [Element] {
        state.withLock { $0.isClosed = true }
        return takeAll()
    }
}
