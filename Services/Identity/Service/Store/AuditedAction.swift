/// What an audit line says was done. The raw values never change: audits are read for years.
enum AuditedAction: String {
    case login, enrolment, refresh, logout
    case reuse = "refresh.reuse"
    case passwordChange = "password.change"
    /// A user read their own account.
    case selfRead = "self.read"
    case usersRead = "users.read"
    case userCreate = "user.create"
    case userChange = "user.change"
    case userDisable = "user.disable"
    case userErase = "user.erase"
    case serviceAccountCreate = "service-account.create"
    case serviceAccountChange = "service-account.change"
    case serviceAccountRemove = "service-account.remove"
    case secretCreate = "secret.create"
    case secretRemove = "secret.remove"
    /// A service account received an access token.
    case tokenGrant = "token.grant"
    case tenantsRead = "tenants.read"
    case tenantCreate = "tenant.create"
    case tenantChange = "tenant.change"
    case tenantClose = "tenant.close"
    case tenantReopen = "tenant.reopen"
    case tenantRemove = "tenant.remove"
    case auditRead = "audit.read"
    /// A caller whose role does not permit the route.
    case routeCall = "route.call"
    /// A caller with the access token of a session that has ended; one line for each session.
    case tokenUse = "token.use"
    case recoveryCodesRenew = "recovery-codes.renew"
    case subscribersRead = "subscribers.read"
    case subscriberCreate = "subscriber.create"
    /// A new password.
    case subscriberChange = "subscriber.change"
    case subscriberReplay = "subscriber.replay"
    case subscriberRemove = "subscriber.remove"
    /// Operator commands.
    case bootstrap
    case keysRotate = "keys.rotate"
}
