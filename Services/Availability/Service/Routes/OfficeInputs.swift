import AvailabilityDomain
import Primitives

/// What a tenant decides about its publication.
struct OfficeInput: Codable, Sendable {
    /// Whether the public may search it.
    let isOpen: Bool
    let city: City
    let phone: PhoneNumber?
    let bookingUrl: BookingAddress?
    let latencyLimitMilliseconds: LatencyLimit

    var office: Office {
        Office(
            isOpen: isOpen, city: city, phone: phone, bookingURL: bookingUrl, latencyLimit: latencyLimitMilliseconds)
    }
}
