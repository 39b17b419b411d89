import Tenancy

extension MigrationSet {
    /// What Queue stores for each tenant.
    static let queue = MigrationSet(
        "queue",
        [
            Migration(1, "queue", PackageResources.V0001_queue_sql),
            Migration(2, "around the line", PackageResources.V0002_around_the_line_sql),
        ])
    /// Screens that wait to be paired.
    static let displayPairings = MigrationSet(
        "queue-registry", [Migration(1, "display pairings", PackageResources.R0001_display_pairings_sql)])
}
