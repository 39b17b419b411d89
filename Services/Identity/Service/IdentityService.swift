import EventLoop
package import HTTPServer
package import Messaging
package import Primitives
package import Runtime
package import ServiceHost
package import Tenancy

/// Identity: tenants, users, sessions, and the keys that every service trusts.
package final class IdentityService: GuichetService {
    package static let name: TenantSlug = "identity"
    package static let registryMigrations = [MigrationSet.identityRegistry]
    package static let tenantMigrations = [MigrationSet.identityAccounts]
    package static let encryptedColumns = Vault.columns
    package static let commands = IdentityCommands.all

    let app: IdentityApp

    package init(_ platform: Platform, _ reader: inout ConfigurationReader) {
        var configuration = IdentityConfiguration(
            tokenIssuer: platform.tokenIssuer, tokenAudience: platform.tokenAudience,
            databases: platform.databaseNames)
        configuration.read(&reader)
        let (relay, directory) = (platform.relay, platform.directory)
        app = IdentityApp(
            Dependencies(
                directory: directory, keyRing: platform.keyRing, blindIndex: platform.blindIndex,
                blocking: platform.blocking, tokens: platform.tokens, configuration: configuration,
                announced: { relay.wake(directory.registry) }),
            cursors: platform.cursors)
    }

    package var routes: [Route] { app.routes }
    package var subscriptions: [Subscription] { app.subscriptions }
    package var jobs: [PeriodicJob] { app.jobs }

    package func refused(_ caller: RefusedCaller) { app.refused(caller) }

    nonisolated package static func problem(_ error: any Error) -> Problem? { (error as? IdentityError)?.problem }
}

extension MigrationSet {
    /// The registry: tenants and keys.
    package static let identityRegistry = MigrationSet(
        "identity-registry", [Migration(1, "tenants and keys", PackageResources.R0001_tenants_and_keys_sql)])
    /// The accounts of one tenant.
    package static let identityAccounts = MigrationSet(
        "identity", [Migration(1, "users and sessions", PackageResources.V0001_users_and_sessions_sql)])
}
