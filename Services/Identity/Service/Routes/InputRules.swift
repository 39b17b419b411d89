import GuichetProtocol
import IdentityDomain

// What requests keep beyond their Swift types, for the documentation. Use cases check it: what is longer or shorter
// matches nothing that is stored, or breaks a rule of passwords.

extension WireRule {
    /// A password that is set.
    fileprivate static let newPassword = WireRule.length(
        minimum: PasswordRules.length.lowerBound, maximum: PasswordRules.length.upperBound)
    /// A password or a token that is compared with what is stored.
    fileprivate static let secret = WireRule.length(minimum: 1, maximum: 1024)
    /// What a service account may do.
    fileprivate static let scopes = WireRule.maximumCount(Scope.allCases.count)
    /// A code of an application, or a recovery code.
    fileprivate static let code = WireRule.length(minimum: 1, maximum: 64)
}

extension LoginRequest: WireRules {
    static let rules: [String: WireRule] = ["password": .secret, "code": .code]
}

extension EnrolmentRequest: WireRules {
    static let rules: [String: WireRule] = ["ticket": .secret, "code": .code]
}

extension RefreshRequest: WireRules { static let rules: [String: WireRule] = ["refreshToken": .secret] }

extension PasswordRequest: WireRules {
    static let rules: [String: WireRule] = ["currentPassword": .secret, "newPassword": .newPassword]
}

extension RecoveryCodesRequest: WireRules {
    static let rules: [String: WireRule] = ["password": .secret, "code": .code]
}

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
        "client_id": .length(minimum: 1, maximum: 64), "client_secret": .secret,
    ]
}

extension UserCreation: WireRules { static let rules: [String: WireRule] = ["password": .newPassword] }
extension UserChange: WireRules { static let rules: [String: WireRule] = ["password": .newPassword] }
