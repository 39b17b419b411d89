extension EventCatalog {
    /// The events that Availability publishes.
    package static let availability: [PublishedEvent] = [
        PublishedEvent(
            DayPublished.self,
            for: "Portals and screens that show free slots and would otherwise have to poll the search."),
        PublishedEvent(
            AnomalyDetected.self, for: "The monitoring of the operator; in the suite it is a row and a metric already."),
        PublishedEvent(
            CareAlertRaised.self, for: "Systems that send messages to patients: the suite sends neither SMS nor mail."),
        PublishedEvent(ReportRequested.self, isForSubscribers: false),
    ]
}
