import Authentication
import EventLoop
import GuichetProtocol
import HTTPServer
import Primitives
import ServiceHost

/// Login, refresh and logout, and what users do with their own accounts.
@EventLoop
struct AuthenticationRoutes {
    let service: IdentityService

    var routes: [Route] {
        [
            Route(
                "logIn", .post, "/api/auth/login", "Opens a session, or begins the enrolment of a second factor.",
                access: .anyone,
                problems: [.invalidCredentials, .totpRequired, .totpInvalid, .tooManyAttempts, .tooManyRequests],
                handler: logIn),
            Route(
                "finishEnrolment", .post, "/api/auth/totp/enrol",
                "Finishes the enrolment of a second factor and opens a session.",
                access: .anyone, problems: [.ticketInvalid, .totpInvalid, .tooManyRequests], handler: enrol),
            Route(
                "refreshSession", .post, "/api/auth/refresh", "Exchanges a refresh token for new tokens.",
                access: .anyone,
                problems: [.refreshTokenInvalid, .tooManyRequests], handler: refresh),
            Route(
                "logOut", .post, "/api/auth/logout", "Ends the caller's session.", access: .authenticated,
                handler: logOut),
            Route(
                "readOwnAccount", .get, "/api/auth/me", "Returns the caller's own account.", access: .authenticated,
                problems: [.sessionEnded], handler: me),
            Route(
                "changePassword", .post, "/api/auth/password",
                "Changes the caller's password and ends their other sessions.",
                access: .authenticated,
                problems: [.invalidCredentials, .passwordRefused, .tooManyAttempts, .sessionEnded],
                handler: changePassword),
            Route(
                "replaceRecoveryCodes", .post, "/api/auth/recovery-codes", "Replaces the caller's recovery codes.",
                access: .authenticated,
                problems: [.invalidCredentials, .totpInvalid, .tooManyAttempts, .tooManyRequests, .sessionEnded],
                handler: renewRecoveryCodes),
        ].tagged("Authentication", "Sessions, tokens, and what users do with their own accounts.")
    }

    private func logIn(_ call: Call, _: NoQuery, _ body: LoginRequest) async throws -> Reply<LoginView> {
        try service.throttle.admit(call.clientAddress)
        let claim = LogIn.Claim(
            tenant: body.tenant, email: body.email, password: body.password.text, code: body.code?.text,
            refreshToken: body.refreshToken.flatMap { OpaqueToken($0.text) })
        return Reply(try await service.logIn(claim, by: AuditActor(network: call.network))).confidential
    }

    private func enrol(_ call: Call, _: NoQuery, _ body: EnrolmentRequest) async throws -> Reply<EnrolmentView> {
        try service.throttle.admit(call.clientAddress)
        let actor = AuditActor(network: call.network)
        return Reply(try await service.finishEnrolment(ticket: body.ticket.text, code: body.code.text, by: actor))
            .confidential
    }

    private func refresh(_ call: Call, _: NoQuery, _ body: RefreshRequest) async throws -> Reply<TokenView> {
        try service.throttle.admit(call.clientAddress)
        let actor = AuditActor(network: call.network)
        return Reply(try await service.refreshSession(body.refreshToken.text, by: actor)).confidential
    }

    private func logOut(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<NoContent> {
        try await service.endSession(by: call.caller())
        return .empty
    }

    private func me(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<SelfView> {
        Reply(try await service.readSelf(by: call.caller())).confidential
    }

    private func changePassword(_ call: Call, _: NoQuery, _ body: PasswordRequest) async throws -> Reply<NoContent> {
        try service.throttle.admit(call.clientAddress)
        try await service.changePassword(from: body.currentPassword.text, to: body.newPassword, by: call.caller())
        return .empty
    }

    private func renewRecoveryCodes(
        _ call: Call, _: NoQuery, _ body: RecoveryCodesRequest
    ) async throws -> Reply<RecoveryCodesView> {
        try service.throttle.admit(call.clientAddress)
        return Reply(
            try await service.renewRecoveryCodes(password: body.password.text, code: body.code.text, by: call.caller())
        ).confidential
    }
}

extension Reply {
    /// The same reply with `cache-control: no-store`, as it has tokens or personal data.
    var confidential: Reply { with("cache-control", "no-store") }
}
