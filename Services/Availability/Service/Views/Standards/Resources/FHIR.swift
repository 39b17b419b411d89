/// HL7 FHIR R4: the resources that describe free slots, each with the elements that the suite fills and no others.
///
/// FHIR has no empty lists: a list without elements is nil.
enum FHIR {
    static let version = "4.0.1"
    static let mediaType = "application/fhir+json"
    /// The codes of ``CareType``.
    static let careTypes = "https://guichet.dev/fhir/care-types"
    /// The codes of problems.
    static let problems = "https://guichet.dev/problems"
}
