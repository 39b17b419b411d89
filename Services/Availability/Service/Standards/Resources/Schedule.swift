import Primitives
import Scheduling

extension FHIR {
    /// What one practitioner of a tenant gives, and until when it is told; its id is the practitioner's.
    struct Schedule: Encodable, Sendable {
        let resourceType = "Schedule"
        let id: String
        let active = true
        let serviceType: [CodeableConcept]
        let actor: [Reference]
        let planningHorizon: Period
        /// Who it is, where ``actor`` may not tell.
        let comment: String?

        /// A schedule as a FHIR server tells it: its actors are the place and the practitioner.
        init(_ schedule: PublicSchedule, of office: OpenOffice) {
            self.init(
                schedule, office, actor: [Location.reference(office.tenant), Practitioner.reference(schedule)],
                comment: nil)
        }

        /// A schedule as SMART Scheduling Links wants it, whose only actor is the place.
        init(published schedule: PublicSchedule, of office: OpenOffice) {
            self.init(schedule, office, actor: [Location.reference(office.tenant)], comment: schedule.name)
        }

        private init(_ schedule: PublicSchedule, _ office: OpenOffice, actor: [Reference], comment: String?) {
            id = schedule.practitioner.description
            serviceType = schedule.careTypes.map { CodeableConcept($0) }
            planningHorizon = Period(start: office.period.start, end: office.period.end)
            (self.actor, self.comment) = (actor, comment)
        }

        static func reference(_ practitioner: Identifier<Resource>) -> Reference {
            Reference(reference: "Schedule/\(practitioner)")
        }
    }
}
