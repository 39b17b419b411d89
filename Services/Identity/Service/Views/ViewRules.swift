import GuichetProtocol

// What answers keep beyond their Swift types, for the documentation.

extension TokenView: WireRules { static let rules: [String: WireRule] = ["tokenType": .constant("Bearer")] }

extension AuditLineView: WireRules {
    static let rules: [String: WireRule] = ["outcome": .oneOf(["granted", "refused"])]
}

extension SubscriberView.State: WireRules {
    static let rules: [String: WireRule] = ["waiting": .bounds(minimum: 0, maximum: nil)]
}
