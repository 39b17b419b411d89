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
        let identifier: [BusinessIdentifier]?
        let telecom: [ContactPoint]
        let address: Address

        init(_ office: OpenOffice) {
            let (profile, decision) = (office.profile, office.decision)
            (id, name) = (profile.slug.description, profile.name)
            telecom = [
                decision.phone.map { ContactPoint(system: .phone, value: $0.text) },
                decision.bookingURL.map { ContactPoint(system: .url, value: $0.text) },
            ].compactMap { $0 }
            let identifiers = decision.identifiers.map {
                BusinessIdentifier(system: $0.system.text, value: $0.value.text)
            }
            identifier = identifiers.isEmpty ? nil : identifiers
            address = Address(
                text: profile.address, line: [profile.address], city: decision.city.text,
                state: decision.state?.text, postalCode: decision.postalCode?.text, country: profile.phoneCountry)
        }

        static func reference(_ tenant: TenantSlug) -> Reference { Reference(reference: "Location/\(tenant)") }
    }
}
