import HTTPServer
import JSONCoding

extension FHIR {
    /// A problem, in the form of FHIR.
    struct OperationOutcome: Encodable, Sendable {
        struct Issue: Encodable, Sendable {
            let severity = "error"
            /// Of the required value set `issue-type`.
            let code: String
            let details: CodeableConcept
            let diagnostics: String
            /// `http.` and the name of the parameter.
            let location: [String]?
        }

        let resourceType = "OperationOutcome"
        let issue: [Issue]

        /// One issue for each fault of what was sent, or one for the problem.
        init(_ problem: Problem) {
            let type = problem.type
            let details = CodeableConcept(
                Coding(system: FHIR.problems, code: type.slug, display: type.title), text: type.title)
            func issue(_ diagnostics: String, _ location: [String]? = nil) -> Issue {
                Issue(code: Self.code(of: type), details: details, diagnostics: diagnostics, location: location)
            }
            let faults = problem.errors.map { issue($0.detail, ["http.\($0.pointer.dropFirst())"]) }
            self.issue = faults.isEmpty ? [issue(problem.detail)] : faults
        }

        private static func code(of type: ProblemType) -> String {
            switch type.status {
            case 400: "invalid"
            case 403: "forbidden"
            case 404: "not-found"
            case 405, 406, 415: "not-supported"
            case 413, 431: "too-long"
            case 429: "throttled"
            case 503: type == .timeout ? "timeout" : "transient"
            default: "exception"
            }
        }
    }
}

extension ProblemForm {
    /// `OperationOutcome` in place of problem details.
    static let fhir = ProblemForm(mediaType: FHIR.mediaType, schema: .fhirOperationOutcome) { problem in
        try JSONOutput.encode(FHIR.OperationOutcome(problem))
    }
}
