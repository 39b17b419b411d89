import CSystem
import EventLoop

/// Memory that was freed and that the allocator keeps for the next rush.
package enum UnusedMemory {
    /// Gives it back to the system now and then, which takes a few milliseconds, until the task is cancelled.
    package static func givingBack(every pause: Duration) -> Task<Void, Never> {
        EventLoop.start {
            // Cancelled, it ends.
            while (try? await EventLoop.sleep(for: pause)) != nil { malloc_trim(0) }
        }
    }
}
