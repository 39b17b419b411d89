import AvailabilityDomain
import GuichetProtocol
import JSONCoding
import Primitives
import Scheduling

/// A practitioner as the public knows one.
struct NamedPractitioner: Codable, Hashable, Sendable, JSONWritable {
    let id: Identifier<Resource>
    let name: String

    func write(to object: inout JSONObject) {
        object.member("id", id)
        object.member("name", name)
    }
}

/// A slot that was free a moment ago.
struct SlotView: Codable, Hashable, Sendable, JSONWritable {
    /// Whose it is; the list of offices says more.
    let office: TenantSlug
    let careType: String
    let start: Instant
    let end: Instant
    let practitioner: NamedPractitioner

    func write(to object: inout JSONObject) {
        object.member("careType", careType)
        object.member("end", end)
        object.member("office", office.description)
        object.member("practitioner", practitioner)
        object.member("start", start)
    }
}

/// A tenant as those who search see it.
struct OfficeView: Codable, Hashable, Sendable {
    let office: TenantSlug
    let name: String
    let address: String
    let city: String?
    let phone: String?
    let timeZone: String
}

/// A day that is being recalculated: what it has to offer is not shown.
struct WithheldDay: Codable, Hashable, Sendable {
    let office: TenantSlug
    let day: LocalDay
}

/// The answer to a search.
struct SearchView: Codable, Sendable {
    /// By start.
    let slots: [SlotView]
    /// The tenants of the slots.
    let offices: [OfficeView]
    /// True when there are more: ask again from the start of the last one.
    let isCut: Bool
    let withheld: [WithheldDay]
    /// True while the cache is away: answers are right but slower.
    let degraded: Bool
}

extension SlotView {
    init(_ found: SearchResult.Slot) {
        let slot = found.slot
        (office, careType) = (found.tenant, slot.careType.rawValue)
        (start, end) = (slot.start, slot.end)
        practitioner = NamedPractitioner(id: slot.practitioner, name: slot.practitionerName)
    }
}

extension OfficeView {
    init(_ tenant: TenantProfile, _ entry: Offices.Entry?) {
        (office, name, address) = (tenant.slug, tenant.name, tenant.address)
        (city, phone, timeZone) = (entry?.office.city.text, entry?.office.phone?.text, tenant.timeZone)
    }
}
