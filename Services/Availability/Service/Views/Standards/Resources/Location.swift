import AvailabilityDomain
import GuichetProtocol
import Primitives

extension FHIR {
    /// A tenant as a location; its id is the tenant's slug.
    struct Location: Encodable, Sendable {
        let resourceType = "Location"
        let id: String
        let status = "active"
        let name: String
        let telecom: [ContactPoint]?
        let address: Address

        init(_ office: OpenOffice) {
            let (profile, decision) = (office.profile, office.decision)
            (id, name) = (profile.slug.description, profile.name)
            let contacts = [
                decision.phone.map { ContactPoint(system: .phone, value: $0.text) },
                decision.bookingURL.map { ContactPoint(system: .url, value: $0.text) },
            ].compactMap { $0 }
            telecom = contacts.isEmpty ? nil : contacts
            address = Address(
                text: profile.address, line: [profile.address], city: decision.city.text, country: profile.phoneCountry)
        }

        static func reference(_ tenant: TenantSlug) -> Reference { Reference(reference: "Location/\(tenant)") }
    }
}
