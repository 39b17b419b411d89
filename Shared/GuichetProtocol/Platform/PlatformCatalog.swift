extension EventCatalog {
    /// The events of the platform, which every service publishes; their `source` is `/guichet/platform`.
    package static let platform: [PublishedEvent] = [
        PublishedEvent(SchemaPrepared.self, isForSubscribers: false),
        PublishedEvent(SchemaRemoved.self, isForSubscribers: false),
        PublishedEvent(AnnouncementsRequested.self, isForSubscribers: false),
        PublishedEvent(ReplayRequested.self, isForSubscribers: false),
        PublishedEvent(ReplayCompleted.self, isForSubscribers: false),
        PublishedEvent(TenantRestored.self, for: "Readers that keep a copy of a tenant's data: they read it again."),
    ]
}
