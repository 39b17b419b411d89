import CSystem
import EventLoop

/// Freed memory that the allocator keeps for later use.
package enum UnusedMemory {
    /// Returns it to the system at intervals, which takes a few milliseconds each time, until the task is cancelled.
    package static func givingBack(every pause: Duration) -> Task<Void, Never> {
        EventLoop.start {
            // Ends when it is cancelled.
            while (try? await EventLoop.sleep(for: pause)) != nil { malloc_trim(0) }
        }
    }
}
