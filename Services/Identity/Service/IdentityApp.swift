import Authentication
package import EventLoop
package import HTTPServer

/// The use cases of Identity: its table of contents. Main and tests build the same one.
@EventLoop
package final class IdentityApp: Sendable {
    let context: Dependencies
    let cursors: CursorCodec
    let throttle: ClientThrottle
    let keys: SigningKeys

    let logIn: LogIn
    let enrolSecondFactor: EnrolSecondFactor
    let sessions: Sessions
    let changePassword: ChangePassword
    let renewRecoveryCodes: RenewRecoveryCodes
    let users: ManageUsers
    let eraseUser: EraseUser
    let createTenant: CreateTenant
    let changeTenant: ChangeTenant
    let seatFirstAdministrators: SeatFirstAdministrators
    let announceEverything: AnnounceEverything
    let maintainSigningKeys: MaintainSigningKeys
    let bootstrap: Bootstrap
    let recordRefusal: RecordRefusal

    let userDirectory: UserDirectory
    let tenantCatalogue: TenantCatalogue
    let auditTrail: AuditTrail

    package init(_ context: Dependencies, cursors: CursorCodec) {
        self.context = context
        self.cursors = cursors
        throttle = ClientThrottle(attemptsPerMinute: context.configuration.attemptsPerMinute)
        keys = SigningKeys(context)
        let hasher = PasswordHasher(on: context.blocking, cost: context.configuration.passwordCost)
        sessions = Sessions(context: context, keys: keys)
        logIn = LogIn(context: context, sessions: sessions, hasher: hasher)
        enrolSecondFactor = EnrolSecondFactor(context: context, sessions: sessions)
        changePassword = ChangePassword(context: context, hasher: hasher)
        renewRecoveryCodes = RenewRecoveryCodes(context: context, hasher: hasher)
        users = ManageUsers(context: context, hasher: hasher)
        eraseUser = EraseUser(context: context, users: users, hasher: hasher)
        seatFirstAdministrators = SeatFirstAdministrators(context: context)
        createTenant = CreateTenant(context: context, hasher: hasher, seat: seatFirstAdministrators)
        changeTenant = ChangeTenant(context: context)
        announceEverything = AnnounceEverything(context: context)
        maintainSigningKeys = MaintainSigningKeys(context: context, keys: keys)
        bootstrap = Bootstrap(context: context, createTenant: createTenant, hasher: hasher)
        recordRefusal = RecordRefusal(context: context)
        userDirectory = UserDirectory(context: context)
        tenantCatalogue = TenantCatalogue(context: context)
        auditTrail = AuditTrail(context: context)
    }

    /// Every route, in the order of the documentation.
    package var routes: [Route] {
        AuthenticationRoutes(app: self).routes + UserRoutes(app: self).routes + TenantRoutes(app: self).routes
            + OversightRoutes(app: self).routes
    }

    /// Hears of a caller whose role a route does not let in.
    package func refused(_ caller: RefusedCaller) {
        recordRefusal(Caller(caller.principal, network: ClientNetwork(of: caller.clientAddress)), caller.route)
    }
}
