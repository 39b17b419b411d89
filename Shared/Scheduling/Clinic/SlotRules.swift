/// The settings of a clinic that decide which slots exist.
package struct SlotRules: Hashable, Sendable {
    /// The step between two starts, in minutes, counted from the opening.
    package let slotGridMinutes: Int
    /// How long before its start an appointment must be booked.
    package let leadTimeMinutes: Int
    /// The number of days after today that can be booked, the last one to its end.
    package let horizonDays: Int

    /// Throws ``SettingOutOfRange`` for the first number outside its bounds.
    package init(slotGridMinutes: Int, leadTimeMinutes: Int, horizonDays: Int) throws(SettingOutOfRange) {
        try Setting.slotGridMinutes.check(slotGridMinutes)
        try Setting.leadTimeMinutes.check(leadTimeMinutes)
        try Setting.horizonDays.check(horizonDays)
        (self.slotGridMinutes, self.leadTimeMinutes) = (slotGridMinutes, leadTimeMinutes)
        self.horizonDays = horizonDays
    }
}
