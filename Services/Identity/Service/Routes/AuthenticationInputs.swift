import Primitives

/// A password that is compared with the user's.
typealias TypedPassword = SecretText<1024>
/// A refresh token or the ticket of an enrolment.
typealias TypedToken = SecretText<1024>
/// A code of an authenticator application, or a recovery code.
typealias TypedCode = SecretText<64>

/// The credentials of a user.
struct LoginRequest: Codable, Sendable {
    /// The slug of the tenant.
    let tenant: TenantSlug
    /// The address of the user.
    let email: EmailAddress
    /// The password.
    let password: TypedPassword
    /// A code of the authenticator application, or an unused recovery code; absent for users without a second factor.
    let code: TypedCode?
    /// The last refresh token that this device had of the user, even if its session has ended; absent on a new device.
    /// Attempts are counted for the device then, so that attacks on the account do not lock it out.
    let refreshToken: TypedToken?
}

/// Proof that the authenticator application has the secret.
struct EnrolmentRequest: Codable, Sendable {
    /// The ticket that the login answered.
    let ticket: TypedToken
    /// The first code of the authenticator application.
    let code: TypedCode
}

/// A refresh token to exchange.
struct RefreshRequest: Codable, Sendable {
    /// The refresh token, which is void afterwards.
    let refreshToken: TypedToken
}

/// A change of the own password.
struct PasswordRequest: Codable, Sendable {
    /// The present password.
    let currentPassword: TypedPassword
    /// The new password.
    let newPassword: String
}

/// Proof of who asks for new recovery codes.
struct RecoveryCodesRequest: Codable, Sendable {
    /// The present password.
    let password: TypedPassword
    /// A code of the authenticator application, or an unused recovery code.
    let code: TypedCode
}
