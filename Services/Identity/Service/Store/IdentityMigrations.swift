package import Tenancy

extension MigrationSet {
    /// The registry: tenants and keys.
    package static let identityRegistry = MigrationSet(
        "identity-registry",
        [
            Migration(1, "tenants and keys", PackageResources.R0001_tenants_and_keys_sql),
            Migration(2, "allowed origins", PackageResources.R0002_allowed_origins_sql),
            Migration(3, "attempts to log in to unknown tenants", PackageResources.R0003_attempts_sql),
        ])
    /// The registry: tenants that are closed or were removed.
    package static let endsOfTenants = MigrationSet(
        "identity-ends-of-tenants", [Migration(1, "ends of tenants", PackageResources.R0004_ends_of_tenants_sql)])
    /// The accounts of one tenant.
    package static let identityAccounts = MigrationSet(
        "identity",
        [
            Migration(1, "users and sessions", PackageResources.V0001_users_and_sessions_sql),
            Migration(2, "attempts by their source", PackageResources.V0002_attempts_sql),
            Migration(3, "service accounts", PackageResources.V0003_service_accounts_sql),
            Migration(4, "subscribers", PackageResources.V0004_subscribers_sql),
            Migration(5, "replays to subscribers", PackageResources.V0005_replays_to_subscribers_sql),
        ])
}
