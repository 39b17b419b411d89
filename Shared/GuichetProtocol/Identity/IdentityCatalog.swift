extension EventCatalog {
    /// The events that Identity publishes.
    package static let identity: [PublishedEvent] = [
        PublishedEvent(TenantAnnounced.self), PublishedEvent(SigningKeysPublished.self, isForSubscribers: false),
        PublishedEvent(SessionEnded.self), PublishedEvent(UserErased.self),
        PublishedEvent(SubscriberReplayRequested.self, isForSubscribers: false),
    ]
}
