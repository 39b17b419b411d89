import GuichetProtocol
import Primitives
import QueueDomain

/// When a clinic is alerted of a long line.
struct LineLimitsView: Codable, Sendable {
    /// Alert when more people wait; absent for no limit.
    let waiting: Int?
    /// Alert when the longest wait is longer, in minutes; absent for no limit.
    let waitMinutes: Int?
    /// The limits that the line exceeds.
    let exceeded: [ExceededLimit]
    /// Counts the changes; `If-Match` takes the `ETag` instead.
    let version: EntityVersion
}

/// A limit that a line exceeds.
enum ExceededLimit: String, Codable, CaseIterable, Sendable {
    /// More people wait.
    case waiting
    /// The longest wait is longer.
    case waitMinutes

    var limit: LineLimit {
        switch self {
        case .waiting: .waiting
        case .waitMinutes: .wait
        }
    }
}

extension LineLimitsView: WireRules {
    /// The bounds of the numbers that a clinic sets.
    static let numbers: [String: WireRule] = [
        "waiting": .bounds(minimum: LineLimits.people.lowerBound, maximum: LineLimits.people.upperBound),
        "waitMinutes": .bounds(minimum: LineLimits.minutes.lowerBound, maximum: LineLimits.minutes.upperBound),
    ]

    static let rules = numbers.merging([
        "exceeded": .maximumCount(ExceededLimit.allCases.count), "version": .bounds(minimum: 1, maximum: nil),
    ]) { $1 }
}

/// A ticket at a counter.
struct RunningVisitView: Codable, Sendable {
    /// The ticket.
    let ticket: Identifier<Ticket>
    /// The number of the ticket as it is shown.
    let number: String
    /// The label of the counter.
    let counter: CounterLabel
    /// Since when the visit has lasted, or the ticket has been called.
    let since: Instant
    /// True once the visit has begun; false while the patient is on the way.
    let isServing: Bool
    /// How many minutes a visit takes as far as the clinic expects; absent if it expects none.
    let expectedMinutes: Int?
    /// True when the visit has lasted longer than the clinic expects.
    let isOverdue: Bool
}

extension RunningVisitView: WireRules {
    static let rules: [String: WireRule] = [
        "number": .length(minimum: 1, maximum: 12), "expectedMinutes": .bounds(minimum: 1, maximum: nil),
    ]
}
