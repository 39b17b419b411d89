import AvailabilityDomain
import GuichetProtocol
import JSONCoding
import Primitives
import Scheduling

/// A practitioner as the public sees them.
struct NamedPractitioner: Codable, Hashable, Sendable, JSONWritable {
    /// The id of the practitioner.
    let id: Identifier<Resource>
    /// The name as the clinic shows it.
    let name: String

    func write(to object: inout JSONObject) {
        object.member("id", id)
        object.member("name", name)
    }
}

/// A slot that was free a moment ago.
struct SlotView: Codable, Hashable, Sendable, JSONWritable {
    /// The tenant whose slot it is; `offices` has its address.
    let office: TenantSlug
    /// The type of care.
    let careType: String
    /// The start of the appointment.
    let start: Instant
    /// The end of the appointment.
    let end: Instant
    /// The practitioner that would give the care.
    let practitioner: NamedPractitioner

    func write(to object: inout JSONObject) {
        object.member("careType", careType)
        object.member("end", end)
        object.member("office", office.description)
        object.member("practitioner", practitioner)
        object.member("start", start)
    }
}

/// A tenant as it is shown with its slots.
struct OfficeView: Codable, Hashable, Sendable {
    /// The slug of the tenant.
    let office: TenantSlug
    /// The name as people read it.
    let name: String
    /// The postal address.
    let address: String
    /// The city; absent if the tenant has not decided about its publication.
    let city: String?
    /// The telephone number in E.164; absent if none is published.
    let phone: String?
    /// The IANA time zone.
    let timeZone: String
}

/// A day that is being recalculated: its slots are not shown.
struct WithheldDay: Codable, Hashable, Sendable {
    /// The slug of the tenant.
    let office: TenantSlug
    /// The day on the calendar of the tenant.
    let day: LocalDay
}

/// The answer to a search.
struct SearchView: Codable, Sendable {
    /// The slots by start.
    let slots: [SlotView]
    /// The tenants of the slots.
    let offices: [OfficeView]
    /// True if there are more: search again from the start of the last one.
    let isCut: Bool
    /// The days that are not shown.
    let withheld: [WithheldDay]
    /// True while the cache is unavailable: answers are correct but slower.
    let degraded: Bool
}

extension SlotView {
    init(_ slot: FreeSlot, at tenant: TenantSlug) {
        (office, careType) = (tenant, slot.careType.rawValue)
        (start, end) = (slot.start, slot.end)
        practitioner = NamedPractitioner(id: slot.practitioner, name: slot.practitionerName)
    }
}

extension OfficeView {
    /// - Parameter office: what the tenant has decided; nil if nothing.
    init(_ tenant: TenantProfile, _ office: Office?) {
        (self.office, name, address) = (tenant.slug, tenant.name, tenant.address)
        (city, phone, timeZone) = (office?.city.text, office?.phone?.text, tenant.timeZone)
    }
}
