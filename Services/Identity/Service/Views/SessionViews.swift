import Authentication
import IdentityDomain
import Primitives

/// What a client needs to act for a user.
struct TokenView: Codable, Sendable {
    /// The access token for `Authorization: Bearer`.
    let accessToken: String
    /// Always `Bearer`.
    let tokenType: String
    /// When the access token expires.
    let expiresAt: Instant
    /// The refresh token, valid once, for `POST /api/auth/refresh`.
    let refreshToken: String
    /// The user who logged in.
    let user: UserView

    init(_ access: TokenSigner.IssuedToken, refreshToken: String, _ account: Account) {
        accessToken = access.text
        tokenType = "Bearer"
        expiresAt = access.principal.expiresAt
        self.refreshToken = refreshToken
        user = UserView(account)
    }
}

/// Tokens, or what is needed to enrol a second factor first.
struct LoginView: Codable, Sendable {
    /// True if a second factor must be enrolled first.
    let enrolmentRequired: Bool
    /// The tokens; absent if `enrolmentRequired`.
    var tokens: TokenView?
    /// What is needed to enrol; absent unless `enrolmentRequired`.
    var enrolment: Enrolment?

    /// What binds an authenticator application.
    struct Enrolment: Codable, Sendable {
        /// Stands for the login; `POST /api/auth/totp/enrol` takes it.
        let ticket: String
        /// When the ticket expires.
        let expiresAt: Instant
        /// The secret in Base32, for typing.
        let secret: String
        /// The secret as `otpauth://…`, for a QR code.
        let uri: String
    }

    init(_ tokens: TokenView) { (enrolmentRequired, self.tokens) = (false, tokens) }

    init(_ enrolment: Enrolment) { (enrolmentRequired, self.enrolment) = (true, enrolment) }
}

/// The first session after an enrolment, and the recovery codes.
struct EnrolmentView: Codable, Sendable {
    /// The tokens of the first session.
    let tokens: TokenView
    /// Codes that replace one of the application, each once. They are shown only here.
    let recoveryCodes: [String]
}

/// New recovery codes; those of before are void.
struct RecoveryCodesView: Codable, Sendable {
    /// Codes that replace one of the application, each once. They are shown only here.
    let recoveryCodes: [String]
}
