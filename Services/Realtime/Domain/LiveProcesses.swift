package import Primitives

/// The processes that observe lines, by their signs of life: whatever one of them says of any line is a sign.
package struct LiveProcesses: Sendable {
    /// How often a process gives a sign of life at least while it has listeners.
    package static let interval: Duration = .seconds(4)
    /// How long a process is believed to live that is silent.
    package static let memory: Duration = .seconds(12)

    private var heard: [String: Instant] = [:]

    package init() {}

    /// Notes a sign of life.
    package mutating func hear(_ process: String, at now: Instant) { heard[process] = now }

    /// Notes that no sign could be heard until now, so silence means nothing.
    package mutating func excuse(at now: Instant) { heard = heard.mapValues { _ in now } }

    /// Forgets the processes that have been silent for too long, and returns them.
    package mutating func removeSilent(at now: Instant) -> Set<String> {
        let silent = Set(heard.filter { now - $0.value >= Self.memory }.keys)
        for process in silent { heard[process] = nil }
        return silent
    }
}
