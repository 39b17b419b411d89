/// The key of a value in a log line. Keys are constants, so that each thing has one name in the logs of the whole
/// suite; a module adds its own in an extension.
package struct LogField: Hashable, Sendable {
    /// The key as written: lower-case words joined by underscores.
    package let key: String

    /// A key. It must not be one of those that the logger itself writes.
    package init(_ key: String) {
        precondition(!Self.reserved.contains(key), "the logger itself writes \(key)")
        self.key = key
    }

    /// The error, in its own words.
    package static let error = LogField("error")
    /// How long it took; a `Duration` is written in milliseconds.
    package static let duration = LogField("duration_ms")
    /// The number of the attempt.
    package static let attempt = LogField("attempt")
    /// How many items it concerns.
    package static let count = LogField("count")
    /// The name of a service of the process.
    package static let name = LogField("name")

    private static let reserved: Set = [
        "timestamp", "level", "service", "component", "message", "trace_id", "span_id", "tenant", "user",
    ]
}
