import Authentication
import GuichetProtocol
import IdentityDomain
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
    /// A code of the authenticator application, or a recovery code that is left.
    let code: String
}

/// Tokens, or what is needed to enrol a second factor first.
struct LoginReply: Codable, Sendable {
    let enrolmentRequired: Bool
    var tokens: TokenReply?
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

    init(_ grant: SessionGrant) {
        enrolmentRequired = false
        tokens = TokenReply(grant)
    }

    init(_ ticket: EnrolmentTicket) {
        enrolmentRequired = true
        enrolment = Enrolment(
            ticket: ticket.token.text, expiresAt: ticket.expiresAt, secret: ticket.secret, uri: ticket.uri)
    }
}

struct EnrolmentReply: Codable, Sendable {
    let tokens: TokenReply
    /// Shown this once.
    let recoveryCodes: [String]

    init(_ grant: SessionGrant, _ codes: [RecoveryCode]) {
        tokens = TokenReply(grant)
        recoveryCodes = codes.map(\.description)
    }
}

struct RecoveryCodesReply: Codable, Sendable {
    /// Shown this once.
    let recoveryCodes: [String]

    init(_ codes: [RecoveryCode]) { recoveryCodes = codes.map(\.description) }
}

struct TokenReply: Codable, Sendable {
    let accessToken: String
    let tokenType: String
    /// When the access token stops to count.
    let expiresAt: Instant
    let refreshToken: String
    let user: UserReply

    init(_ grant: SessionGrant) {
        accessToken = grant.access.text
        tokenType = "Bearer"
        expiresAt = grant.access.principal.expiresAt
        refreshToken = grant.refresh.text
        user = UserReply(grant.account)
    }
}

struct MeReply: Codable, Sendable {
    let user: UserReply
    let tenant: TenantSlug
    let session: SessionID
}
