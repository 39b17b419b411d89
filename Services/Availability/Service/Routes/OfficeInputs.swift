import AvailabilityDomain
import Primitives

/// What a tenant decides about its publication.
struct OfficeInput: Codable, Sendable {
    /// Whether the public may search it.
    let isOpen: Bool
    /// The city in which the public finds it.
    let city: City
    /// The telephone number for the public in E.164; absent if none is published.
    let phone: PhoneNumber?
    /// The address of a page where the public books; absent if there is none.
    let bookingUrl: BookingAddress?
    /// A publication that takes longer is an anomaly.
    let latencyLimitMilliseconds: LatencyLimit

    var office: Office {
        Office(
            isOpen: isOpen, city: city, phone: phone, bookingURL: bookingUrl, latencyLimit: latencyLimitMilliseconds)
    }
}
