import AvailabilityDomain
import JSONCoding
import Primitives

/// What a tenant decides about its publication.
struct OfficeInput: Codable, Sendable {
    /// Whether the public may search it.
    let isOpen: Bool
    let city: City
    /// In national or international writing.
    let phone: TypedPhone?
    let bookingUrl: BookingAddress?
    let latencyLimitMilliseconds: LatencyLimit

    /// Throws ``InvalidInput`` if the telephone number is none.
    func office(in country: String) throws(InvalidInput) -> Office {
        let number = phone?.number(in: .of(country: country))
        guard phone == nil || number != nil else {
            throw InvalidInput(faults: [.init(pointer: "/phone", detail: TypedPhone.expectation)])
        }
        return Office(
            isOpen: isOpen, city: city, phone: number, bookingURL: bookingUrl, latencyLimit: latencyLimitMilliseconds)
    }
}
