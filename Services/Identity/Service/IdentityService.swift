import HTTPServer
package import Primitives
package import Runtime
package import ServiceHost
package import Tenancy

/// Identity: tenants, users, sessions, and the keys that every service trusts.
package final class IdentityService: GuichetService {
    package static let name: TenantSlug = "identity"
    package static let registryMigrations = [MigrationSet.identityRegistry, .endsOfTenants]
    package static let tenantMigrations = [MigrationSet.identityAccounts]
    package static let encryptedColumns = Vault.columns
    package static let commands = OperatorCommands.all

    let context: ServiceContext
    let throttle: ClientThrottle
    let keys: SigningKeys
    let settings: IdentityConfiguration
    private let hasher: PasswordHasher

    package init(_ platform: Platform, _ reader: inout ConfigurationReader) {
        (context, settings) = (ServiceContext(platform), IdentityConfiguration(&reader))
        hasher = PasswordHasher(on: platform.blocking)
        throttle = ClientThrottle(attemptsPerMinute: settings.attemptsPerMinute)
        keys = SigningKeys(context, tokenLifetime: settings.accessTokenLifetime)
    }

    var logIn: LogIn { LogIn(context: context, openSession: openSession, hasher: hasher) }
    var finishEnrolment: FinishEnrolment { FinishEnrolment(context: context, openSession: openSession) }
    var openSession: OpenSession { OpenSession(context: context, keys: keys, lifetime: settings.sessionLifetime) }
    var refreshSession: RefreshSession { RefreshSession(context: context, keys: keys) }
    var endSession: EndSession { EndSession(context: context) }
    var changePassword: ChangePassword { ChangePassword(context: context, hasher: hasher) }
    var renewRecoveryCodes: RenewRecoveryCodes { RenewRecoveryCodes(context: context, hasher: hasher) }
    var createUser: CreateUser { CreateUser(context: context, hasher: hasher) }
    var changeUser: ChangeUser { ChangeUser(context: context, hasher: hasher) }
    var eraseUser: EraseUser { EraseUser(context: context, changeUser: changeUser, hasher: hasher) }
    var checkStanding: CheckStanding { CheckStanding(context: context) }
    var readSelf: ReadSelf { ReadSelf(context: context) }
    var readUser: ReadUser { ReadUser(context: context) }
    var listUsers: ListUsers { ListUsers(context: context) }
    var createTenant: CreateTenant { CreateTenant(context: context, hasher: hasher) }
    var changeTenant: ChangeTenant { ChangeTenant(context: context) }
    var closeTenant: CloseTenant { CloseTenant(context: context) }
    var removeTenant: RemoveTenant { RemoveTenant(context: context, delay: settings.removalDelay) }
    var readTenant: ReadTenant { ReadTenant(context: context) }
    var listTenants: ListTenants { ListTenants(context: context) }
    var bootstrap: Bootstrap { Bootstrap(context: context, hasher: hasher) }
    var seatFirstAdministrators: SeatFirstAdministrators { SeatFirstAdministrators(context: context) }
    var readAudit: ReadAudit { ReadAudit(context: context) }
    var recordRefusal: RecordRefusal { RecordRefusal(context: context) }
    var maintainSigningKeys: MaintainSigningKeys { MaintainSigningKeys(context, keys, settings.keySchedule) }
    var announceEverything: AnnounceEverything { AnnounceEverything(context: context) }
    var removeExpired: RemoveExpired { RemoveExpired(context: context) }
}
