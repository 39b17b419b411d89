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
    case tenantsRead = "tenants.read"
    case tenantCreate = "tenant.create"
    case tenantChange = "tenant.change"
    case tenantClose = "tenant.close"
    case tenantReopen = "tenant.reopen"
    case tenantRemove = "tenant.remove"
    case auditRead = "audit.read"
    /// A caller whose role does not permit the route.
    case routeCall = "route.call"
    case recoveryCodesRenew = "recovery-codes.renew"
    /// Operator commands.
    case bootstrap
    case keysRotate = "keys.rotate"
}
