import Primitives

/// An entry that all readers can see, and since when.
struct SeenEntry: Sendable {
    let entry: DayEntry
    let instant: Instant
}
