package import Primitives
package import Scheduling

/// What a clinic decides about its appointments. Address and time zone never change.
package struct ClinicRules: Hashable, Sendable {
    /// The text that a strict request must carry, character for character.
    package let address: String
    /// The zone name that a strict request must carry, `Africa/Algiers` for example.
    package let timeZone: String
    /// Which telephone numbers a strict request may carry.
    package let phone: PhoneRule
    /// Which slots exist.
    package let slots: SlotRules
    /// How long a hold keeps its slot.
    package let holdLifetimeSeconds: Int
    /// How many holds one client may have at a time.
    package let holdsPerClient: Int
    /// How many appointments ahead one patient account may have.
    package let bookingsPerClient: Int
    /// How many bookings the clinic takes at a time.
    package let concurrentBookings: Int
    /// How many bookings the clinic starts in a minute.
    package let bookingsPerMinute: Int
    /// How long before the start a patient can no longer cancel or move a confirmed appointment.
    package let cancellationCutOffMinutes: Int

    /// Throws with the first setting outside its bounds.
    package init(
        address: String, timeZone: String, phone: PhoneRule, slots: SlotRules, holdLifetimeSeconds: Int,
        holdsPerClient: Int, bookingsPerClient: Int, concurrentBookings: Int, bookingsPerMinute: Int,
        cancellationCutOffMinutes: Int
    ) throws(SettingOutOfRange) {
        try Setting.holdLifetimeSeconds.check(holdLifetimeSeconds)
        try Setting.holdsPerClient.check(holdsPerClient)
        try Setting.bookingsPerClient.check(bookingsPerClient)
        try Setting.concurrentBookings.check(concurrentBookings)
        try Setting.bookingsPerMinute.check(bookingsPerMinute)
        try Setting.cancellationCutOffMinutes.check(cancellationCutOffMinutes)
        (self.address, self.timeZone, self.phone, self.slots) = (address, timeZone, phone, slots)
        (self.holdLifetimeSeconds, self.holdsPerClient) = (holdLifetimeSeconds, holdsPerClient)
        self.bookingsPerClient = bookingsPerClient
        (self.concurrentBookings, self.bookingsPerMinute) = (concurrentBookings, bookingsPerMinute)
        self.cancellationCutOffMinutes = cancellationCutOffMinutes
    }

    /// Throws `clinicMismatch` unless a request names this clinic, byte for byte.
    package func checkClinic(address: String, timeZone: String) throws(BookingError) {
        // Bytes, since two strings of different bytes can be equal as text.
        guard address.utf8.elementsEqual(self.address.utf8), timeZone.utf8.elementsEqual(self.timeZone.utf8) else {
            throw .clinicMismatch
        }
    }

    /// Throws `tooManyHolds` when a client with `held` holds may not have one more.
    package func checkHold(held: Int) throws(BookingError) {
        guard held < holdsPerClient else { throw .tooManyHolds(limit: holdsPerClient) }
    }

    /// Throws `tooManyBookings` when the clinic, with `running` bookings under way, may not start one more, and
    /// `bookingsTooFast` when it has started as many in this minute as it may.
    ///
    /// - Parameter counters: by how many the clinic's bookings are counted, evenly; each has its part of the limit,
    ///   rounded up.
    package func checkBooking(
        running: Int, startedThisMinute: Int, among counters: Int = 1
    ) throws(BookingError) {
        func part(_ limit: Int) -> Int { (limit + counters - 1) / counters }
        guard running < part(concurrentBookings) else { throw .tooManyBookings(limit: concurrentBookings) }
        guard startedThisMinute < part(bookingsPerMinute) else { throw .bookingsTooFast(limit: bookingsPerMinute) }
    }

    /// When a hold taken at `now` ends.
    package func holdExpiry(from now: Instant) -> Instant { now + .seconds(holdLifetimeSeconds) }
}
