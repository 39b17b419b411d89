import GuichetProtocol
import IdentityDomain

// What answers keep beyond their Swift types, for the documentation.

extension TokenView: WireRules { static let rules: [String: WireRule] = ["tokenType": .constant("Bearer")] }

extension ServiceAccountView: WireRules {
    static let rules: [String: WireRule] = [
        "scopes": .maximumCount(Scope.allCases.count), "secrets": .maximumCount(ServiceAccount.secretLimit),
    ]
}

extension AuditLineView: WireRules {
    static let rules: [String: WireRule] = ["outcome": .oneOf(["granted", "refused"])]
}

extension SubscriberView.State: WireRules {
    static let rules: [String: WireRule] = ["waiting": .bounds(minimum: 0, maximum: nil)]
}
