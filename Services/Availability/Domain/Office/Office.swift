package import Primitives

/// The name of a city.
package typealias City = OneLine<80>

/// What a tenant has decided about the publication of its free slots.
package struct Office: Hashable, Sendable {
    /// Whether the public may search it.
    package let isOpen: Bool
    /// Where it is, as people write it.
    package let city: City
    /// The telephone number for appointments.
    package let phone: PhoneNumber?
    /// The address for appointments; the slot is appended.
    package let bookingURL: BookingAddress?
    /// The longest time that a publication may take.
    package let latencyLimit: LatencyLimit

    package init(
        isOpen: Bool, city: City, phone: PhoneNumber?, bookingURL: BookingAddress?, latencyLimit: LatencyLimit
    ) {
        (self.isOpen, self.city, self.phone, self.bookingURL) = (isOpen, city, phone, bookingURL)
        self.latencyLimit = latencyLimit
    }
}
