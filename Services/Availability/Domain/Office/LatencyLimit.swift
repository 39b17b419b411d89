/// How long a publication may take before somebody is told: 50 milliseconds to one minute.
package struct LatencyLimit: Hashable, Sendable {
    /// The limits that may be chosen, in milliseconds.
    package static let bounds = 50...60_000
    /// What a tenant has that decided nothing: two seconds.
    package static let standard = LatencyLimit(unchecked: 2000)

    package let milliseconds: Int

    /// Nil outside of ``bounds``.
    package init?(milliseconds: Int) {
        guard Self.bounds.contains(milliseconds) else { return nil }
        self.init(unchecked: milliseconds)
    }

    private init(unchecked milliseconds: Int) { self.milliseconds = milliseconds }

    package var duration: Duration { .milliseconds(milliseconds) }
}
