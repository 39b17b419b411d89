import AvailabilityDomain
import JSONCoding
import Primitives

/// What a tenant decides about its publication.
struct OfficeInput: Codable, Sendable {
    /// Whether the public may search it.
    let isOpen: Bool
    /// The city in which the public finds it.
    let city: City
    /// The state or province of the address; absent if none is published.
    let state: StateName?
    /// The postal code of the address; absent if none is published.
    let postalCode: PostalCode?
    /// The telephone number for appointments, in national or international writing. An open office has one, or a
    /// `bookingUrl`.
    let phone: TypedPhone?
    /// The address of a page where the public books; absent if there is none.
    let bookingUrl: WebAddress?
    /// What others call the office, eight names at most; absent if there are none.
    let identifiers: [OfficeIdentifierView]?
    /// A publication that takes longer is an anomaly.
    let latencyLimitMilliseconds: LatencyLimit

    /// Throws if the telephone number is none, if the public would see slots without a way to ask for them, and for too many
    /// identifiers.
    func office(in country: String) throws(InvalidInput) -> Office {
        let number = phone?.number(in: .of(country: country))
        guard phone == nil || number != nil else {
            throw InvalidInput(faults: [.init(pointer: "/phone", detail: TypedPhone.expectation)])
        }
        let identifiers = (self.identifiers ?? []).map(\.identifier)
        guard identifiers.count <= Office.maximumIdentifiers else {
            throw InvalidInput(faults: [
                .init(pointer: "/identifiers", detail: "\(Office.maximumIdentifiers) identifiants au plus attendus")
            ])
        }
        let office = Office(
            isOpen: isOpen, city: city, state: state, postalCode: postalCode, phone: number, bookingURL: bookingUrl,
            identifiers: identifiers, latencyLimit: latencyLimitMilliseconds)
        guard office.hasContact || !office.isOpen else {
            throw InvalidInput(faults: [
                .init(pointer: "/phone", detail: "téléphone ou bookingUrl attendu pour ouvrir au public")
            ])
        }
        return office
    }
}
