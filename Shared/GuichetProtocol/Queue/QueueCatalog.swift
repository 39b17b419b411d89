extension EventCatalog {
    /// The events that Queue publishes.
    package static let queue: [PublishedEvent] =
        [
            PublishedEvent(LineJoined.self),
            PublishedEvent(LineCalled.self),
            PublishedEvent(LineRecalled.self),
            PublishedEvent(LineServed.self),
            PublishedEvent(LineFinished.self),
            PublishedEvent(LineMissed.self),
            PublishedEvent(LineReturned.self),
            PublishedEvent(LineHeld.self),
            PublishedEvent(LineResumed.self),
            PublishedEvent(LineLeft.self),
            PublishedEvent(LineTransferred.self),
            PublishedEvent(LineMoved.self),
            PublishedEvent(LineRestored.self),
            PublishedEvent(LineApproached.self),
            PublishedEvent(LineOpened.self),
            PublishedEvent(LineClosed.self),
            PublishedEvent(LineAnnounced.self),
            PublishedEvent(LineChanged.self),
            PublishedEvent(LineExceeded.self),
            PublishedEvent(DisplayPaired.self),
            PublishedEvent(DisplayChanged.self),
            PublishedEvent(DisplayRemoved.self),
            PublishedEvent(LineReported.self, isForSubscribers: false),
        ]
}
