package import Tenancy

extension MigrationSet {
    /// The outbox and inbox that a schema needs to publish and to listen.
    package static let messaging = MigrationSet(
        "messaging",
        [
            Migration(1, "outbox and inbox", PackageResources.V0001_outbox_and_inbox_sql),
            Migration(2, "waiting outboxes", PackageResources.V0002_waiting_outboxes_sql),
            Migration(3, "outbox headers", PackageResources.V0003_outbox_headers_sql),
            Migration(4, "held facts", PackageResources.V0004_held_facts_sql),
            Migration(5, "generations", PackageResources.V0005_generations_sql),
            Migration(6, "replays", PackageResources.V0006_replays_sql),
            Migration(7, "replays to subscribers", PackageResources.V0007_subscriber_replays_sql),
        ])
}
