import GuichetProtocol
import QueueDomain

// What answers keep beyond their Swift types, for the documentation.

extension WireRule {
    fileprivate static let shownNumber = WireRule.length(minimum: 1, maximum: 12)
    fileprivate static let ordinal = WireRule.bounds(minimum: 1, maximum: nil)
    fileprivate static let count = WireRule.bounds(minimum: 0, maximum: nil)
    fileprivate static let token = WireRule.length(minimum: 1, maximum: 200)
}

extension QueueView: WireRules {
    static let rules: [String: WireRule] = [
        "numberDigits": .bounds(minimum: 1, maximum: 5),
        "capacity": .bounds(minimum: 1, maximum: Queue.maximumTickets),
        "nearAt": .bounds(minimum: 0, maximum: QueueSettings.maximumNearAt),
        "expectedVisitMinutes": .bounds(minimum: 1, maximum: 600), "recallLimit": .bounds(minimum: 0, maximum: 20),
        "returnBehind": .bounds(minimum: 1, maximum: QueueSettings.maximumReturnBehind),
        "counters": .maximumCount(Queue.maximumCounters), "version": .ordinal,
    ]
}

extension TicketView: WireRules {
    static let rules: [String: WireRule] = [
        "ticketNumber": .shownNumber, "position": .ordinal, "place": .count, "recalls": .count,
        "name": .length(minimum: 1, maximum: 80),
    ]
}

extension PatientTicketView: WireRules {
    static let rules: [String: WireRule] = [
        "ticketNumber": .shownNumber, "position": .ordinal, "transferredTo": .token, "version": .count,
    ]
}

extension JoinView: WireRules {
    static let rules: [String: WireRule] = ["ticketNumber": .shownNumber, "position": .ordinal, "patientToken": .token]
}

extension WaitView: WireRules { static let rules: [String: WireRule] = ["from": .count, "to": .count] }
extension GivenTicketView: WireRules { static let rules: [String: WireRule] = ["patientToken": .token] }

extension JoinTokenView: WireRules {
    static let rules: [String: WireRule] = [
        "token": .token, "url": .length(minimum: 1, maximum: 512),
        "rotationMinutes": .bounds(
            minimum: JoinRotation.bounds.lowerBound, maximum: JoinRotation.bounds.upperBound),
    ]
}

extension PairingView: WireRules {
    static let rules: [String: WireRule] = [
        "code": .length(minimum: 6, maximum: 6), "secret": .length(minimum: 43, maximum: 43),
    ]
}

extension PairingStateView: WireRules { static let rules: [String: WireRule] = ["token": .token] }
extension FoundTicketView: WireRules { static let rules: [String: WireRule] = ["patientToken": .token] }

extension DisplayView: WireRules { static let rules: [String: WireRule] = ["version": .ordinal] }
extension OpeningPlanView: WireRules { static let rules: [String: WireRule] = ["version": .ordinal] }
