import Authentication
import EventLoop
import GuichetProtocol
import HTTPServer
import Primitives
import ServiceHost

/// Logging in and out.
@EventLoop
struct AuthenticationRoutes {
    let app: IdentityApp

    var routes: [Route] {
        [
            Route(
                .post, "/api/auth/login", "Opens a session, or begins the enrolment of a second factor.",
                access: .anyone,
                problems: [.invalidCredentials, .totpRequired, .totpInvalid, .tooManyAttempts, .tooManyRequests],
                handler: logIn),
            Route(
                .post, "/api/auth/totp/enrol", "Finishes the enrolment of a second factor and opens a session.",
                access: .anyone, problems: [.ticketInvalid, .totpInvalid, .tooManyRequests], handler: enrol),
            Route(
                .post, "/api/auth/refresh", "Exchanges a refresh token for new tokens.", access: .anyone,
                problems: [.refreshTokenInvalid, .tooManyRequests], handler: refresh),
            Route(
                .post, "/api/auth/logout", "Ends the caller's session.", access: .authenticated, handler: logOut),
            Route(
                .get, "/api/auth/me", "Tells the caller who he is.", access: .authenticated,
                problems: [.sessionEnded], handler: me),
            Route(
                .post, "/api/auth/password", "Changes the caller's password and ends his other sessions.",
                access: .authenticated,
                problems: [.invalidCredentials, .passwordRefused, .tooManyAttempts, .sessionEnded],
                handler: changePassword),
            Route(
                .post, "/api/auth/recovery-codes", "Gives the caller other recovery codes; the old ones end.",
                access: .authenticated,
                problems: [.invalidCredentials, .totpInvalid, .tooManyAttempts, .tooManyRequests, .sessionEnded],
                handler: renewRecoveryCodes),
        ]
    }

    private func logIn(_ call: Call, _: NoQuery, _ body: LoginRequest) async throws -> Reply<LoginReply> {
        try app.throttle.admit(call.clientAddress)
        let claim = LogIn.Claim(tenant: body.tenant, email: body.email, password: body.password, code: body.code)
        switch try await app.logIn(claim, by: Actor(network: call.network)) {
        case .granted(let grant): return Reply(LoginReply(grant)).confidential
        case .enrolmentRequired(let ticket): return Reply(LoginReply(ticket)).confidential
        }
    }

    private func enrol(_ call: Call, _: NoQuery, _ body: EnrolmentRequest) async throws -> Reply<EnrolmentReply> {
        try app.throttle.admit(call.clientAddress)
        let (grant, codes) = try await app.enrolSecondFactor(
            ticket: body.ticket, code: body.code, by: Actor(network: call.network))
        return Reply(EnrolmentReply(grant, codes)).confidential
    }

    private func refresh(_ call: Call, _: NoQuery, _ body: RefreshRequest) async throws -> Reply<TokenReply> {
        try app.throttle.admit(call.clientAddress)
        let grant = try await app.sessions.refresh(body.refreshToken, by: Actor(network: call.network))
        return Reply(TokenReply(grant)).confidential
    }

    private func logOut(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<NoContent> {
        let caller = try call.caller()
        let realm = try await Realm(of: caller.tenant, app.context)
        try await app.sessions.end(caller.session, in: realm, by: caller.actor)
        return .empty
    }

    private func me(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<MeReply> {
        let caller = try call.caller()
        let account = try await app.userDirectory.account(of: caller)
        return Reply(MeReply(user: UserReply(account), tenant: caller.tenant, session: caller.session)).confidential
    }

    private func changePassword(_ call: Call, _: NoQuery, _ body: PasswordRequest) async throws -> Reply<NoContent> {
        try app.throttle.admit(call.clientAddress)
        try await app.changePassword(from: body.currentPassword, to: body.newPassword, by: call.caller())
        return .empty
    }

    private func renewRecoveryCodes(
        _ call: Call, _: NoQuery, _ body: RecoveryCodesRequest
    ) async throws -> Reply<RecoveryCodesReply> {
        try app.throttle.admit(call.clientAddress)
        let codes = try await app.renewRecoveryCodes(password: body.password, code: body.code, by: call.caller())
        return Reply(RecoveryCodesReply(codes)).confidential
    }
}

extension Reply {
    /// The same reply, that no cache may keep: it holds tokens or names a person.
    var confidential: Reply { with("cache-control", "no-store") }
}
