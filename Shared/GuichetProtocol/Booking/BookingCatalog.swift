extension EventCatalog {
    /// The events that Booking publishes.
    package static let booking: [PublishedEvent] = [
        PublishedEvent(AppointmentHeld.self), PublishedEvent(AppointmentConfirmed.self),
        PublishedEvent(AppointmentRescheduled.self), PublishedEvent(AppointmentCancelled.self),
        PublishedEvent(AppointmentExpired.self), PublishedEvent(AppointmentCompleted.self),
        PublishedEvent(AppointmentMissed.self), PublishedEvent(CalendarChanged.self),
        PublishedEvent(AgendaReported.self, isForSubscribers: false),
    ]
}
