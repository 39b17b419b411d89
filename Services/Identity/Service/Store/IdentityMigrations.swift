package import Tenancy

extension MigrationSet {
    /// The registry: tenants and keys.
    package static let identityRegistry = MigrationSet(
        "identity-registry",
        [
            Migration(1, "tenants and keys", PackageResources.R0001_tenants_and_keys_sql),
            Migration(2, "allowed origins", PackageResources.R0002_allowed_origins_sql),
        ])
    /// The registry: tenants that are closed or were removed.
    package static let endsOfTenants = MigrationSet(
        "identity-ends-of-tenants", [Migration(1, "ends of tenants", PackageResources.R0003_ends_of_tenants_sql)])
    /// The accounts of one tenant.
    package static let identityAccounts = MigrationSet(
        "identity", [Migration(1, "users and sessions", PackageResources.V0001_users_and_sessions_sql)])
}
