import GuichetProtocol
package import Primitives

/// Follows a line by its events, from a report on, and notices when one is missing.
package struct LineFollower: Sendable {
    /// The most events that are kept until those before them, or a report, arrive.
    package static let earlyLimit = 512

    /// The line as it is known; nil before the first report.
    package private(set) var state: LineState?
    /// Events that arrived before their predecessor.
    private var early: [LineVersion: LineChange] = [:]
    private var isDoubtful = false

    package init() {}

    /// Whether a report is needed: there was none, or an event is missing or may be.
    package var needsReport: Bool { state == nil || isDoubtful || !early.isEmpty }

    /// Takes an event. Returns the events that it made known, in their order: none if it is known already or its
    /// predecessor is missing.
    package mutating func take(_ change: LineChange) -> [LineChange] {
        guard let version = state?.version else {
            keep(change)
            return []
        }
        guard change.version > version else { return [] }
        keep(change)
        return applyEarly()
    }

    /// Takes a report. Returns the events behind it that had arrived before, in their order.
    ///
    /// - Parameter now: the time from which tickets that have ended unnoticed are remembered.
    package mutating func take(_ report: LineReport, at now: Instant) -> [LineChange] {
        if state.map({ $0.version < report.version }) ?? true {
            state = LineState(report, after: state, at: now)
            early = early.filter { $0.key > report.version }
        }
        isDoubtful = false
        return applyEarly()
    }

    /// Notes that events may have been missed.
    package mutating func doubt() { isDoubtful = true }

    /// Forgets tickets that ended before `instant`.
    package mutating func forget(endedBefore instant: Instant) { state?.forget(endedBefore: instant) }

    private mutating func keep(_ change: LineChange) {
        // What does not fit is in the report that is needed anyway.
        guard early.count < Self.earlyLimit else { return }
        early[change.version] = change
    }

    private mutating func applyEarly() -> [LineChange] {
        var applied: [LineChange] = []
        while !early.isEmpty, let version = state?.version,
            let next = early.removeValue(forKey: LineVersion(version.number + 1, generation: version.generation))
        {
            state?.apply(next)
            applied.append(next)
        }
        return applied
    }
}
