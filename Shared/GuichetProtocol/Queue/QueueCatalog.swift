extension EventCatalog {
    /// The events that Queue publishes.
    package static let queue: [PublishedEvent] =
        [
            PublishedEvent(LineJoined.self, for: followers),
            PublishedEvent(LineCalled.self, for: followers),
            PublishedEvent(LineRecalled.self, for: followers),
            PublishedEvent(LineServed.self, for: followers),
            PublishedEvent(LineFinished.self, for: followers),
            PublishedEvent(LineMissed.self, for: followers),
            PublishedEvent(LineReturned.self, for: followers),
            PublishedEvent(LineHeld.self, for: followers),
            PublishedEvent(LineResumed.self, for: followers),
            PublishedEvent(LineLeft.self, for: followers),
            PublishedEvent(LineTransferred.self, for: followers),
            PublishedEvent(LineMoved.self, for: followers),
            PublishedEvent(LineRestored.self, for: followers),
            PublishedEvent(LineApproached.self, for: followers),
            PublishedEvent(LineOpened.self, for: followers),
            PublishedEvent(LineClosed.self, for: followers),
            PublishedEvent(LineAnnounced.self, for: followers),
            PublishedEvent(LineChanged.self, for: followers),
            PublishedEvent(LineExceeded.self, for: followers),
            PublishedEvent(DisplayPaired.self, for: screens),
            PublishedEvent(DisplayChanged.self, for: screens),
            PublishedEvent(DisplayRemoved.self, for: screens),
            PublishedEvent(
                LineReported.self, for: "Services that follow a line and asked for its state.", isForSubscribers: false),
        ]

    private static let screens = "Services that let screens follow a line."
    private static let followers = "Displays, and programs of the clinic that follow a waiting line."
}
