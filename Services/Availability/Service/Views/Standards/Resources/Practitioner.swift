import Primitives
import Scheduling

extension FHIR {
    /// A practitioner, as the public sees them.
    struct Practitioner: Encodable, Sendable {
        let resourceType = "Practitioner"
        let id: String
        let active = true
        let name: [HumanName]

        init(_ schedule: PublicSchedule) {
            (id, name) = (schedule.practitioner.description, [HumanName(text: schedule.name)])
        }

        static func reference(_ schedule: PublicSchedule) -> Reference {
            Reference(reference: "Practitioner/\(schedule.practitioner)", display: schedule.name)
        }
    }
}
