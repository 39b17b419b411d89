import JSONCoding

/// The form of a route's refusals: problem details, or the form of the standard that the route implements.
package struct ProblemForm: Sendable {
    let mediaType: String
    /// Nil for problem details, whose schema follows from the type of the problem.
    let schema: NamedSchema?
    let encode: @Sendable (Problem) throws -> [UInt8]

    /// A form of its own. Refusals that precede the choice of a route have it, too, at paths that begin as the paths of
    /// routes with this form alone.
    package init(
        mediaType: String, schema: NamedSchema, encode: @escaping @Sendable (Problem) throws -> [UInt8]
    ) {
        self.init(mediaType, schema, encode)
    }

    private init(
        _ mediaType: String, _ schema: NamedSchema?, _ encode: @escaping @Sendable (Problem) throws -> [UInt8]
    ) {
        (self.mediaType, self.schema, self.encode) = (mediaType, schema, encode)
    }

    /// RFC 9457. If the further members cannot be encoded, the problem is answered without them.
    static let details = ProblemForm("application/problem+json", nil) { problem in
        do {
            return try JSONOutput.encode(problem)
        } catch {
            return try JSONOutput.encode(Problem(problem.type, problem.detail, errors: problem.errors))
        }
    }
}

extension Answer {
    /// The answer that states a problem.
    init(_ problem: Problem, as form: ProblemForm = .details, closes: Bool = false) {
        status = problem.type.status
        headers = problem.headers
        headers.add("content-type", form.mediaType)
        if let wait = problem.retryAfter {
            headers.add("retry-after", String(max(1, Int((wait / .seconds(1)).rounded(.up)))))
        }
        // A problem that cannot be encoded still has its status.
        body = (try? form.encode(problem)) ?? []
        self.closes = closes
    }
}
