import AvailabilityDomain
import Primitives

extension FHIR {
    /// A time at which an appointment can start, or has been taken.
    struct Slot: Encodable, Sendable {
        enum Status: String, Codable, CaseIterable, Sendable { case free, busy }

        let resourceType = "Slot"
        let id: String
        let `extension`: [Extension]?
        let serviceType: [CodeableConcept]
        let schedule: Reference
        let status: Status
        let start: OffsetDateTime
        let end: OffsetDateTime

        init(_ slot: PublicSlot, of office: OpenOffice) {
            id = slot.id.description
            let booking = [
                office.bookingLink?.link(to: slot.id).map { Extension.bookingDeepLink($0) },
                office.decision.phone.map { Extension.bookingPhone($0.text) },
            ].compactMap { $0 }
            `extension` = booking.isEmpty ? nil : booking
            serviceType = [CodeableConcept(slot.id.careType)]
            schedule = Schedule.reference(slot.id.practitioner)
            status = slot.status
            (start, end) = (office.zone.dateTime(at: slot.id.start), office.zone.dateTime(at: slot.end))
        }
    }
}
