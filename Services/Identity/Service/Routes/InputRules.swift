import GuichetProtocol
import IdentityDomain

// What requests keep beyond their Swift types, for the documentation. Use cases check it.

extension WireRule {
    /// A password that is set.
    fileprivate static let newPassword = WireRule.length(
        minimum: PasswordRules.length.lowerBound, maximum: PasswordRules.length.upperBound)
}

extension PasswordRequest: WireRules { static let rules: [String: WireRule] = ["newPassword": .newPassword] }

extension TenantCreation: WireRules {
    static let rules: [String: WireRule] = [
        "timeZone": .length(minimum: 1, maximum: 64), "database": .length(minimum: 1, maximum: 40),
    ]
}

extension TenantCreation.Administrator: WireRules {
    static let rules: [String: WireRule] = ["password": .newPassword]
}

extension UserCreation: WireRules { static let rules: [String: WireRule] = ["password": .newPassword] }
extension UserChange: WireRules { static let rules: [String: WireRule] = ["password": .newPassword] }
