/// What can happen to an appointment; the raw value is the verb of its events and of its history.
package enum AppointmentEvent: String, CaseIterable, Sendable {
    case held, booked, confirmed, rescheduled, cancelled, expired, completed
    case noShow = "no_show"
}
