extension EventCatalog {
    /// The events that Realtime publishes.
    package static let realtime: [PublishedEvent] = [
        PublishedEvent(LineRequested.self, for: "Queue, which answers it.", isForSubscribers: false),
        PublishedEvent(AudienceObserved.self, isForSubscribers: false),
    ]
}
