import FoundationEssentials

/// How the text of a variable becomes a value, and which texts are accepted.
struct ValueKind<Value> {
    /// The accepted values, for the documentation.
    let accepted: String
    /// The accepted values, for an error, after "must be".
    let expected: String
    /// Returns nil if the text is refused.
    let parse: (String) -> Value?
    /// The text that `parse` reads as the value.
    let write: (Value) -> String
}

extension ValueKind where Value == String {
    static var text: Self { Self(accepted: "text", expected: "text", parse: { $0 }, write: { $0 }) }
}

extension ValueKind where Value == Int {
    static func integer(in range: ClosedRange<Int>) -> Self {
        Self(
            accepted: "\(range.lowerBound) to \(range.upperBound)",
            expected: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            parse: { text in Int(text).flatMap { range.contains($0) ? $0 : nil } },
            write: \.description)
    }
}

extension ValueKind where Value == Bool {
    static var boolean: Self {
        Self(accepted: "`true` or `false`", expected: "true or false", parse: { Bool($0) }, write: \.description)
    }
}

extension ValueKind where Value: RawRepresentable<String> & CaseIterable {
    static var choice: Self {
        let names = Value.allCases.map(\.rawValue)
        return Self(
            accepted: names.map { "`\($0)`" }.joined(separator: ", "),
            expected: "one of \(names.joined(separator: ", "))",
            parse: Value.init(rawValue:), write: \.rawValue)
    }
}

extension ValueKind where Value == [String] {
    static var list: Self {
        Self(
            accepted: "list, comma between", expected: "a list separated by commas",
            parse: { text in
                let items = text.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingSpaces() }
                return items.contains("") ? nil : items
            },
            write: { $0.joined(separator: ",") })
    }
}

extension ValueKind where Value == URL {
    /// A password in a URL would show in logs and process lists, so it must be a secret.
    static func url(schemes: [String]) -> Self {
        let names = schemes.map { "\($0)://" }
        return Self(
            accepted: names.map { "`\($0)`…" }.joined(separator: " or "),
            expected: "a URL in \(names.joined(separator: " or ")) with a host and without a password",
            parse: { text in
                guard let url = URL(string: text), let scheme = url.scheme, schemes.contains(scheme),
                    let host = url.host(), !host.isEmpty, url.password() == nil
                else { return nil }
                return url
            },
            write: \.absoluteString)
    }
}

extension ValueKind where Value == Duration {
    static func duration(in range: ClosedRange<Duration>) -> Self {
        let (low, high) = (written(range.lowerBound), written(range.upperBound))
        return Self(
            accepted: "\(low) to \(high)",
            expected: "a duration from \(low) to \(high), in ms, s, min or h",
            parse: { text in
                guard let unit = durationUnits.first(where: { text.hasSuffix($0.suffix) }),
                    let count = Int(text.dropLast(unit.suffix.count)), count >= 0, count <= 1_000_000_000
                else { return nil }
                let duration = unit.length * count
                return range.contains(duration) ? duration : nil
            },
            write: written)
    }
}

/// From the longest to the shortest, but milliseconds before seconds, because both end in `s`.
private let durationUnits: [(suffix: String, length: Duration)] = [
    ("h", .seconds(3600)), ("min", .seconds(60)), ("ms", .milliseconds(1)), ("s", .seconds(1)),
]

/// A duration in the largest unit that divides it.
private func written(_ duration: Duration) -> String {
    guard duration != .zero else { return "0s" }
    let whole = durationUnits.sorted { $0.length > $1.length }.first { unit in
        Duration.seconds(0) == duration - unit.length * Int(duration / unit.length)
    }
    guard let whole else { return duration.description }
    return "\(Int(duration / whole.length))\(whole.suffix)"
}

extension StringProtocol {
    func trimmingSpaces() -> String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
