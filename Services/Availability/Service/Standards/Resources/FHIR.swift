/// HL7 FHIR R4: the resources that free slots are told in, each with the elements that the suite fills and no others.
///
/// FHIR knows no empty list: what has no element is nil.
enum FHIR {
    static let version = "4.0.1"
    static let mediaType = "application/fhir+json"
    /// The codes of ``CareType``.
    static let careTypes = "https://guichet.dev/fhir/care-types"
    /// The codes of problems.
    static let problems = "https://guichet.dev/problems"
}
