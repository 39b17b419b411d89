/// What a tenant has decided about the publication of its free slots.
package struct Office: Hashable, Sendable {
    /// Whether the public may search it.
    package let isOpen: Bool
    /// Where it is, as people say it: 1 to 80 characters.
    package let city: String
    /// To call for an appointment.
    package let phone: String?
    /// Where an appointment is made, an `https` address to which the slot is appended.
    package let bookingURL: String?
    /// From when on a publication counts as late.
    package let latencyLimit: Duration

    /// What a tenant has that decided nothing.
    package static let standardLatencyLimit: Duration = .seconds(2)
    /// The limits that may be chosen.
    package static let latencyLimits: ClosedRange<Duration> = .milliseconds(50) ... .seconds(60)

    /// Nil when the city or the limit is out of bounds.
    package init?(isOpen: Bool, city: String, phone: String?, bookingURL: String?, latencyLimit: Duration) {
        guard (1...80).contains(city.count), Self.latencyLimits.contains(latencyLimit) else { return nil }
        (self.isOpen, self.city, self.phone, self.bookingURL) = (isOpen, city, phone, bookingURL)
        self.latencyLimit = latencyLimit
    }
}
