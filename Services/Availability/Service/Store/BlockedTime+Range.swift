import GuichetProtocol
import Primitives
import Scheduling

extension BlockedTime {
    init(_ range: TimeRange) { self.init(from: range.start, to: range.end) }

    /// Throws ``UnreadableTime`` if it is empty.
    var range: TimeRange {
        get throws {
            guard let range = TimeRange(from, to) else { throw UnreadableTime() }
            return range
        }
    }
}

/// A stretch of time that ends before it begins.
struct UnreadableTime: Error {}
