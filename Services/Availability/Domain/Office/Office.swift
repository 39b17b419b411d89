package import Primitives

/// The name of a city.
package typealias City = OneLine<80>

/// What a tenant has decided about the publication of its free slots.
package struct Office: Hashable, Sendable {
    /// Whether the public may search it.
    package let isOpen: Bool
    /// Where it is, as people say it.
    package let city: City
    /// To call for an appointment.
    package let phone: PhoneNumber?
    /// Where an appointment is made; the slot is appended.
    package let bookingURL: BookingAddress?
    /// From when on a publication counts as late.
    package let latencyLimit: LatencyLimit

    package init(
        isOpen: Bool, city: City, phone: PhoneNumber?, bookingURL: BookingAddress?, latencyLimit: LatencyLimit
    ) {
        (self.isOpen, self.city, self.phone, self.bookingURL) = (isOpen, city, phone, bookingURL)
        self.latencyLimit = latencyLimit
    }
}
