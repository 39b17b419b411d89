/// One thing that happened to an appointment: what, when, by whom, why, and how it stood before and after.
package struct AppointmentFact: Hashable, Sendable {
    package let event: AppointmentEvent
    package let change: Change
    /// Nil when the appointment came to be.
    package let before: Appointment?
    package let after: Appointment

    /// The place of this fact in the life of its appointment: 1, 2, 3 … without a gap.
    package var version: Int { after.version }
}
