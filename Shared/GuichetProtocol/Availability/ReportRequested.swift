/// Availability asks Booking what is taken in a stretch of time, because it doubts what it knows. The aggregate is the
/// report.
package struct ReportRequested: Event {
    package static let name = EventName("availability", "report", "requested", version: 1)
    /// At most ``maximumDays`` long.
    package var window: BlockedTime
    /// What Availability knows to take, or to have taken, time of the window; at most ``maximumKnown``.
    package var known: [KnownAppointment]
    /// The calendar that Availability works with; 0 when it has none.
    package var calendarVersion: Int

    /// The longest window that is answered.
    package static let maximumDays = 10
    /// The most appointments that may be named.
    package static let maximumKnown = 5000

    package init(window: BlockedTime, known: [KnownAppointment], calendarVersion: Int) {
        (self.window, self.known, self.calendarVersion) = (window, known, calendarVersion)
    }
}

/// An appointment as far as Availability has followed it.
package struct KnownAppointment: Codable, Hashable, Sendable {
    /// Which appointment.
    package var id: AppointmentID
    /// The version of its last event that Availability has seen.
    package var version: Int

    package init(id: AppointmentID, version: Int) { (self.id, self.version) = (id, version) }
}
