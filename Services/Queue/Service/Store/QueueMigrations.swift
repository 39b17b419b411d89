import Tenancy

extension MigrationSet {
    /// What Queue stores for each tenant.
    static let queue = MigrationSet("queue", [Migration(1, "queue", PackageResources.V0001_queue_sql)])
}
