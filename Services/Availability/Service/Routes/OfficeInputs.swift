import AvailabilityDomain
import JSONCoding
import Primitives

/// What a tenant decides about its publication.
struct OfficeInput: Codable, Sendable {
    /// Whether the public may search it.
    let isOpen: Bool
    let city: City
    let state: StateName?
    let postalCode: PostalCode?
    /// The telephone number for appointments. An open office has one, or a `bookingUrl`.
    let phone: PhoneNumber?
    let bookingUrl: BookingAddress?
    /// At most eight.
    let identifiers: [OfficeIdentifierView]?
    let latencyLimitMilliseconds: LatencyLimit

    /// Throws if the public would see slots without a way to ask for them, and for too many identifiers.
    func office() throws(InvalidInput) -> Office {
        let identifiers = (self.identifiers ?? []).map(\.identifier)
        guard identifiers.count <= Office.maximumIdentifiers else {
            throw InvalidInput(faults: [
                .init(pointer: "/identifiers", detail: "\(Office.maximumIdentifiers) identifiants au plus attendus")
            ])
        }
        let office = Office(
            isOpen: isOpen, city: city, state: state, postalCode: postalCode, phone: phone, bookingURL: bookingUrl,
            identifiers: identifiers, latencyLimit: latencyLimitMilliseconds)
        guard office.hasContact || !office.isOpen else {
            throw InvalidInput(faults: [
                .init(pointer: "/phone", detail: "téléphone ou bookingUrl attendu pour ouvrir au public")
            ])
        }
        return office
    }
}
