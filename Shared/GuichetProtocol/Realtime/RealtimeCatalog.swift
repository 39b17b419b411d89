extension EventCatalog {
    /// The events that Realtime publishes.
    package static let realtime: [PublishedEvent] = [
        PublishedEvent(LineRequested.self, isForSubscribers: false),
        PublishedEvent(AudienceObserved.self, isForSubscribers: false),
    ]
}
