import Primitives

/// The credentials of a user.
struct LoginRequest: Codable, Sendable {
    /// The slug of the tenant.
    let tenant: TenantSlug
    /// The address of the user.
    let email: EmailAddress
    /// The password.
    let password: String
    /// A code of the authenticator application, or an unused recovery code; absent for users without a second factor.
    let code: String?
}

/// Proof that the authenticator application has the secret.
struct EnrolmentRequest: Codable, Sendable {
    /// The ticket that the login answered.
    let ticket: String
    /// The first code of the authenticator application.
    let code: String
}

/// A refresh token to exchange.
struct RefreshRequest: Codable, Sendable {
    /// The refresh token, which is void afterwards.
    let refreshToken: String
}

/// A change of the own password.
struct PasswordRequest: Codable, Sendable {
    /// The present password.
    let currentPassword: String
    /// The new password.
    let newPassword: String
}

/// Proof of who asks for new recovery codes.
struct RecoveryCodesRequest: Codable, Sendable {
    /// The present password.
    let password: String
    /// A code of the authenticator application, or an unused recovery code.
    let code: String
}
