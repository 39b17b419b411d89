package import Tenancy

extension MigrationSet {
    /// The registry: tenants and keys.
    package static let identityRegistry = MigrationSet(
        "identity-registry",
        [
            Migration(1, "tenants and keys", PackageResources.R0001_tenants_and_keys_sql),
            Migration(2, "allowed origins", PackageResources.R0002_allowed_origins_sql),
        ])
    /// The accounts of one tenant.
    package static let identityAccounts = MigrationSet(
        "identity",
        [
            Migration(1, "users and sessions", PackageResources.V0001_users_and_sessions_sql),
            Migration(2, "subscribers", PackageResources.V0002_subscribers_sql),
        ])
}
