import Authentication
import IdentityDomain
import Primitives

/// What a client needs to act for a user.
struct TokenView: Codable, Sendable {
    let accessToken: String
    let tokenType: String
    /// When the access token expires.
    let expiresAt: Instant
    let refreshToken: String
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
    let enrolmentRequired: Bool
    var tokens: TokenView?
    var enrolment: Enrolment?

    /// What binds an authenticator application.
    struct Enrolment: Codable, Sendable {
        let ticket: String
        let expiresAt: Instant
        /// In Base32, for typing.
        let secret: String
        /// `otpauth://…`, for a QR code.
        let uri: String
    }

    init(_ tokens: TokenView) { (enrolmentRequired, self.tokens) = (false, tokens) }

    init(_ enrolment: Enrolment) { (enrolmentRequired, self.enrolment) = (true, enrolment) }
}

/// The first session after an enrolment, and the recovery codes.
struct EnrolmentView: Codable, Sendable {
    let tokens: TokenView
    /// Shown only once.
    let recoveryCodes: [String]
}

/// New recovery codes.
struct RecoveryCodesView: Codable, Sendable {
    /// Shown only once.
    let recoveryCodes: [String]
}
