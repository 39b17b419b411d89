/// How long a publication may take before it is an anomaly: 50 milliseconds to one minute.
package struct LatencyLimit: Hashable, Sendable {
    /// The limits that a tenant may choose, in milliseconds.
    package static let bounds = 50...60_000
    /// The limit of a tenant that has not chosen one: two seconds.
    package static let standard = LatencyLimit(unchecked: 2000)

    package let milliseconds: Int

    /// Returns nil for a value outside of ``bounds``.
    package init?(milliseconds: Int) {
        guard Self.bounds.contains(milliseconds) else { return nil }
        self.init(unchecked: milliseconds)
    }

    private init(unchecked milliseconds: Int) { self.milliseconds = milliseconds }

    package var duration: Duration { .milliseconds(milliseconds) }
}
