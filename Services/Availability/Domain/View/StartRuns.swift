import Primitives

/// Starts of slots in few characters. On a clinic's grid most follow each other at one step, so a run is written as its
/// first minute since 1970, its step and its count: `29667420+15x12 29667660`.
enum StartRuns {
    /// Instants in ascending order, on whole minutes.
    static func text(_ starts: [Instant]) -> String {
        let minutes = starts.map { $0.seconds / 60 }
        var runs: [String] = []
        var index = 0
        while index < minutes.count {
            var end = index + 1
            if end < minutes.count {
                let step = minutes[end] - minutes[index]
                while end + 1 < minutes.count, minutes[end + 1] - minutes[end] == step { end += 1 }
                if end - index >= 2 {
                    runs.append("\(minutes[index])+\(step)x\(end - index + 1)")
                    index = end + 1
                    continue
                }
            }
            runs.append("\(minutes[index])")
            index += 1
        }
        return runs.joined(separator: " ")
    }

    /// Reads what ``text(_:)`` wrote; nil for anything else.
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
            guard first.magnitude < 1 << 40, step < 1 << 20 else { return nil }
            for number in 0..<count { starts.append(Instant(seconds: (first + number * step) * 60)) }
        }
        return starts
    }
}
