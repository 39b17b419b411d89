import CSystem

/// Memory that was freed and that the allocator keeps for the next rush.
package enum UnusedMemory {
    /// Gives it back to the system; takes some milliseconds at most.
    package static func giveBack() { malloc_trim(0) }
}
