import CSystem
import EventLoop

/// Freed memory that the allocator keeps for later use.
package enum UnusedMemory {
    /// Returns it to the system now, which takes a few milliseconds.
    package static func giveBack() { malloc_trim(0) }

    /// Returns it to the system at intervals until the task is cancelled.
    package static func givingBack(every pause: Duration) -> Task<Void, Never> {
        EventLoop.start {
            // Ends when it is cancelled.
            while (try? await EventLoop.sleep(for: pause)) != nil { giveBack() }
        }
    }
}
