/// Availability requests the state of the agenda in a window of time, because its copy may be incomplete. The aggregate
/// is the report; the request is its first version.
package struct ReportRequested: Event, WireRules {
    package static let name = EventName("availability", "report", "requested", version: 1)
    /// The window, at most 10 days long.
    package var window: BlockedTime
    /// The appointments that take time of the window, or took some, as far as Availability knows; at most 5,000.
    package var known: [KnownAppointment]
    /// The version of the calendar that Availability uses; 0 when it has none.
    package var calendarVersion: Int

    /// The longest window that Booking answers, in days.
    package static let maximumDays = 10
    /// The highest number of appointments in one request.
    package static let maximumKnown = 5000

    package static let rules: [String: WireRule] = ["known": .maximumCount(maximumKnown)]

    package init(window: BlockedTime, known: [KnownAppointment], calendarVersion: Int) {
        (self.window, self.known, self.calendarVersion) = (window, known, calendarVersion)
    }
}

/// An appointment in the version that Availability knows.
package struct KnownAppointment: Codable, Hashable, Sendable {
    /// The id of the appointment.
    package var id: AppointmentID
    /// The version of the last event that Availability handled.
    package var version: Int

    package init(id: AppointmentID, version: Int) { (self.id, self.version) = (id, version) }
}
