import Primitives

/// A compact text of starts. On a clinic's grid most of them have equal distances, so a run is written as its first
/// minute since 1970, its step and its count: `29667420+15x12 29667660`.
enum StartRuns {
    /// The text of instants in ascending order, on whole minutes.
    static func text(_ starts: [Instant]) -> String {
        var text: [UInt8] = []
        write(starts, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends ``text(_:)`` to `text`.
    static func write(_ starts: [Instant], to text: inout [UInt8]) {
        func minute(_ index: Int) -> Int64 { starts[index].seconds / 60 }
        var index = 0
        while index < starts.count {
            if index > 0 { text.append(UInt8(ascii: " ")) }
            text.append(contentsOf: String(minute(index)).utf8)
            var end = index + 1
            if end < starts.count {
                let step = minute(end) - minute(index)
                while end + 1 < starts.count, minute(end + 1) - minute(end) == step { end += 1 }
                if end - index >= 2 {
                    text.append(UInt8(ascii: "+"))
                    text.append(contentsOf: String(step).utf8)
                    text.append(UInt8(ascii: "x"))
                    text.append(contentsOf: String(end - index + 1).utf8)
                    index = end
                }
            }
            index += 1
        }
    }

    /// Reads ``text(_:)``. Returns nil for any other text.
    static func starts(_ text: Substring) -> [Instant]? {
        var starts: [Instant] = []
        for run in text.split(separator: " ") {
            let parts = run.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
            guard let first = Int64(parts[0]) else { return nil }
            var (step, count): (Int64, Int64) = (0, 1)
            if parts.count == 2 {
                let numbers = parts[1].split(separator: "x", omittingEmptySubsequences: false).compactMap { Int64($0) }
                // No day has more starts than minutes.
                guard numbers.count == 2, numbers[0] > 0, (1...1500).contains(numbers[1]) else { return nil }
                (step, count) = (numbers[0], numbers[1])
            }
            guard first.magnitude < 1 << 30, step < 1 << 20 else { return nil }
            for number in 0..<count { starts.append(Instant(seconds: (first + number * step) * 60)) }
        }
        return starts
    }
}
