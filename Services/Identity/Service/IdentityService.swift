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

    let (context, settings): (ServiceContext, IdentityConfiguration)
    let (throttle, keys): (ClientThrottle, SigningKeys)
    private let hasher: PasswordHasher
    let broker: BrokerManagement?

    package init(_ platform: Platform, _ reader: inout ConfigurationReader) throws {
        (context, settings) = (ServiceContext(platform), try IdentityConfiguration(&reader))
        hasher = PasswordHasher(on: platform.blocking)
        broker = settings.broker.map { BrokerManagement($0, host: platform.brokerHost, metrics: platform.metrics) }
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
    var readSelf: ReadSelf { ReadSelf(context: context) }
    var readUser: ReadUser { ReadUser(context: context) }
    var listUsers: ListUsers { ListUsers(context: context) }
    var createServiceAccount: CreateServiceAccount { CreateServiceAccount(context: context) }
    var changeServiceAccount: ChangeServiceAccount { ChangeServiceAccount(context: context) }
    var rotateSecret: RotateSecret { RotateSecret(context: context) }
    var readServiceAccounts: ReadServiceAccounts { ReadServiceAccounts(context: context) }
    var grantToken: GrantToken { GrantToken(context: context, keys: keys) }
    var createTenant: CreateTenant { CreateTenant(context: context, hasher: hasher) }
    var changeTenant: ChangeTenant { ChangeTenant(context: context) }
    var closeTenant: CloseTenant { CloseTenant(context: context) }
    var removeTenant: RemoveTenant { RemoveTenant(context: context, delay: settings.removalDelay) }
    var readTenant: ReadTenant { ReadTenant(context: context) }
    var listTenants: ListTenants { ListTenants(context: context) }
    var createSubscriber: CreateSubscriber { CreateSubscriber(context, readSubscribers, reconcileSubscribers) }
    var changeSubscriber: ChangeSubscriber { ChangeSubscriber(context, readSubscribers, reconcileSubscribers) }
    var readSubscribers: ReadSubscribers { ReadSubscribers(context, broker, address: settings.brokerAddress) }
    var reconcileSubscribers: ReconcileSubscribers { ReconcileSubscribers(context, broker) }
    var bootstrap: Bootstrap { Bootstrap(context: context, hasher: hasher) }
    var readAudit: ReadAudit { ReadAudit(context: context) }
    var maintainSigningKeys: MaintainSigningKeys { MaintainSigningKeys(context, keys, settings.keySchedule) }
    var announceEverything: AnnounceEverything { AnnounceEverything(context: context) }
}
