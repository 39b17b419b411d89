extension EventCatalog {
    /// The events of the platform, which every service publishes; their `source` is `/guichet/platform`.
    package static let platform: [PublishedEvent] = [
        PublishedEvent(SchemaPrepared.self), PublishedEvent(SchemaRemoved.self),
        PublishedEvent(AnnouncementsRequested.self),
        PublishedEvent(ReplayRequested.self), PublishedEvent(ReplayCompleted.self),
        PublishedEvent(TenantRestored.self, for: "Readers that keep a copy of a tenant's data: they read it again."),
    ]
}
