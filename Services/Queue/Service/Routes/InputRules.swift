import GuichetProtocol
import QueueDomain

// What requests keep beyond their Swift types, for the documentation. Handlers check it.

extension WireRule {
    /// The text of a token.
    fileprivate static let token = WireRule.length(minimum: 1, maximum: 200)

    fileprivate static func within(_ bounds: ClosedRange<Int>) -> WireRule {
        .bounds(minimum: bounds.lowerBound, maximum: bounds.upperBound)
    }
}

extension QueueInput: WireRules {
    static let rules: [String: WireRule] = [
        "numberDigits": .within(QueueBounds.digits), "capacity": .within(QueueBounds.capacity),
        "nearAt": .within(QueueBounds.nearAt), "expectedVisitMinutes": .within(QueueBounds.minutes),
        "recallLimit": .within(QueueBounds.recalls), "returnBehind": .within(QueueBounds.returnBehind),
    ]
}

extension NewQueueInput: WireRules {
    static let rules: [String: WireRule] = ["counters": .maximumCount(Queue.maximumCounters)]
}

extension JoinInput: WireRules { static let rules: [String: WireRule] = ["token": .token, "ticket": .token] }
