extension EventCatalog {
    /// The events of the platform, which every service publishes; their `source` is `/guichet/platform`.
    package static let platform: [PublishedEvent] = [
        PublishedEvent(SchemaPrepared.self), PublishedEvent(AnnouncementsRequested.self),
    ]
}
