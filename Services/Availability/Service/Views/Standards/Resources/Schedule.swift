import Primitives
import Scheduling

extension FHIR {
    /// The types of care of one practitioner, and how far ahead they are shown; its id is the practitioner's.
    struct Schedule: Encodable, Sendable {
        let resourceType = "Schedule"
        let id: String
        let active = true
        let serviceType: [CodeableConcept]
        let actor: [Reference]
        let planningHorizon: Period
        /// The name of the practitioner, where ``actor`` must not name them.
        let comment: String?

        /// A schedule of a FHIR server: its actors are the location and the practitioner.
        init(_ schedule: PublicSchedule, of office: OpenOffice) {
            self.init(
                schedule, office, actor: [Location.reference(office.tenant), Practitioner.reference(schedule)],
                comment: nil)
        }

        /// A schedule of SMART Scheduling Links, whose only actor is the location.
        init(published schedule: PublicSchedule, of office: OpenOffice) {
            self.init(schedule, office, actor: [Location.reference(office.tenant)], comment: schedule.name)
        }

        private init(_ schedule: PublicSchedule, _ office: OpenOffice, actor: [Reference], comment: String?) {
            id = schedule.practitioner.description
            serviceType = schedule.careTypes.map { CodeableConcept($0) }
            planningHorizon = Period(
                start: office.zone.dateTime(at: office.period.start),
                end: office.zone.dateTime(at: office.period.end))
            (self.actor, self.comment) = (actor, comment)
        }

        static func reference(_ practitioner: Identifier<Resource>) -> Reference {
            Reference(reference: "Schedule/\(practitioner)")
        }
    }
}
