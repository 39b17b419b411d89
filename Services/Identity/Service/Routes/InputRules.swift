import GuichetProtocol
import IdentityDomain

// What requests keep beyond their Swift types, for the documentation. Use cases check it.

extension WireRule {
    /// A password that is set.
    fileprivate static let newPassword = WireRule.length(
        minimum: PasswordRules.length.lowerBound, maximum: PasswordRules.length.upperBound)
    /// What a service account may do.
    fileprivate static let scopes = WireRule.maximumCount(Scope.allCases.count)
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

extension ServiceAccountCreation: WireRules { static let rules: [String: WireRule] = ["scopes": .scopes] }
extension ServiceAccountChange: WireRules { static let rules: [String: WireRule] = ["scopes": .scopes] }

extension TokenRequest: WireRules {
    static let rules: [String: WireRule] = [
        "grant_type": .constant("client_credentials"), "scope": .length(minimum: 1, maximum: 1024),
        "client_id": .length(minimum: 1, maximum: 64), "client_secret": .length(minimum: 1, maximum: 1024),
    ]
}

extension UserCreation: WireRules { static let rules: [String: WireRule] = ["password": .newPassword] }
extension UserChange: WireRules { static let rules: [String: WireRule] = ["password": .newPassword] }
