/// One thing that happened to an appointment: what, when, by whom, why, and the appointment before and after.
package struct AppointmentFact: Hashable, Sendable {
    package let event: AppointmentEvent
    package let change: Change
    /// Nil for the first fact.
    package let before: Appointment?
    package let after: Appointment

    /// The number of this fact among those of its appointment: 1, 2, 3 … without a gap.
    package var version: Int { after.version }
}
