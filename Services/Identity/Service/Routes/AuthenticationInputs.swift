import Primitives

struct LoginRequest: Codable, Sendable {
    let tenant: TenantSlug
    let email: EmailAddress
    let password: String
    /// A code of the authenticator application, or a recovery code.
    let code: String?
}

struct EnrolmentRequest: Codable, Sendable {
    let ticket: String
    let code: String
}

struct RefreshRequest: Codable, Sendable {
    let refreshToken: String
}

struct PasswordRequest: Codable, Sendable {
    let currentPassword: String
    let newPassword: String
}

struct RecoveryCodesRequest: Codable, Sendable {
    let password: String
    /// A code of the authenticator application, or an unused recovery code.
    let code: String
}
