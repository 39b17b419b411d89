/// The numbers of a clinic that decide which slots exist.
package struct SlotRules: Hashable, Sendable {
    /// The step between two starts, in minutes from the opening on.
    package let slotGridMinutes: Int
    /// How far ahead of its start an appointment must be taken.
    package let leadTimeMinutes: Int
    /// How many days after today can be booked, each to its last minute.
    package let horizonDays: Int

    /// Throws with the first number outside its bounds.
    package init(slotGridMinutes: Int, leadTimeMinutes: Int, horizonDays: Int) throws(SettingOutOfRange) {
        try Setting.slotGridMinutes.check(slotGridMinutes)
        try Setting.leadTimeMinutes.check(leadTimeMinutes)
        try Setting.horizonDays.check(horizonDays)
        (self.slotGridMinutes, self.leadTimeMinutes) = (slotGridMinutes, leadTimeMinutes)
        self.horizonDays = horizonDays
    }
}
