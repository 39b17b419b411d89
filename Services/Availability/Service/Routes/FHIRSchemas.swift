import HTTPServer
import JSONCoding

// FHIR describes its resources itself: the documentation says which one it is, and where.
extension NamedSchema {
    static let fhirCapabilityStatement = resource("CapabilityStatement", "What this server can do")
    static let fhirLocation = resource("Location", "A tenant as a location")
    static let fhirPractitioner = resource("Practitioner", "A practitioner")
    static let fhirSchedule = resource("Schedule", "A practitioner's schedule")
    static let fhirSlot = resource("Slot", "A time at which an appointment can start, or has been taken")
    static let fhirBundle = resource("Bundle", "A page of what a search found; its link `next` leads to the next page")
    static let fhirOperationOutcome = resource("OperationOutcome", "Why a request is refused")

    private static func resource(_ type: String, _ sentence: String) -> NamedSchema {
        NamedSchema(
            "Fhir\(type)", "\(sentence) (HL7 FHIR R4, https://hl7.org/fhir/R4/\(type.lowercased()).html).",
            [Member("resourceType", .enumeration([type]), "The type of the resource.")])
    }
}
