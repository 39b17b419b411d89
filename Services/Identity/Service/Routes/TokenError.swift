import HTTPServer
import JSONCoding

/// A refusal of the token endpoint (RFC 6749 section 5.2).
private struct TokenError: Encodable {
    let error: String
    /// For engineers, in ASCII as the standard requires.
    let description: String

    private enum CodingKeys: String, CodingKey {
        case error
        case description = "error_description"
    }

    init(_ problem: Problem) {
        error = Self.code(of: problem.type)
        description = "\(problem.type.slug) (\(problem.type.status.code))"
    }

    private static func code(of type: ProblemType) -> String {
        switch type {
        case .clientInvalid: "invalid_client"
        case .grantTypeUnsupported: "unsupported_grant_type"
        case .scopeInvalid: "invalid_scope"
        case .tooManyRequests: "temporarily_unavailable"
        default: type.status.code < 500 ? "invalid_request" : "server_error"
        }
    }
}

extension ProblemForm {
    /// The form of OAuth 2.0 in place of problem details.
    static let tokenError = ProblemForm(mediaType: "application/json", schema: .tokenError) { problem in
        try JSONOutput.encode(TokenError(problem))
    }
}

extension NamedSchema {
    fileprivate static let tokenError = NamedSchema(
        "TokenError", "Why no token was issued (RFC 6749 section 5.2).",
        [
            Member("error", .string(maxLength: 40), "The code of the standard, for example `invalid_client`."),
            Member("error_description", .string(maxLength: 80), "The kind of problem and the status, for engineers."),
        ])
}
