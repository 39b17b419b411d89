import JSONCoding

/// How a route says what went wrong: as problem details, or as the standard wants it that the route keeps to.
package struct ProblemForm: Sendable {
    let mediaType: String
    let schema: JSONSchema
    let encode: @Sendable (Problem) throws -> [UInt8]

    /// A form of its own, of which the description says no more than its media type. Refusals from before a route is
    /// chosen are problem details all the same.
    package init(mediaType: String, encode: @escaping @Sendable (Problem) throws -> [UInt8]) {
        self.init(mediaType: mediaType, schema: .any, encode: encode)
    }

    private init(mediaType: String, schema: JSONSchema, encode: @escaping @Sendable (Problem) throws -> [UInt8]) {
        (self.mediaType, self.schema, self.encode) = (mediaType, schema, encode)
    }

    /// RFC 9457. An extension that cannot be encoded is left out: it must not cost the client the problem itself.
    static let details = ProblemForm(mediaType: "application/problem+json", schema: .reference("Problem")) { problem in
        do {
            return try JSONOutput.encode(problem)
        } catch {
            return try JSONOutput.encode(Problem(problem.type, problem.detail, errors: problem.errors))
        }
    }
}

extension Answer {
    /// The answer that a problem is.
    init(_ problem: Problem, as form: ProblemForm = .details, closes: Bool = false) {
        status = problem.type.status
        headers = problem.headers
        headers.add("content-type", form.mediaType)
        if let wait = problem.retryAfter {
            headers.add("retry-after", String(max(1, Int((wait / .seconds(1)).rounded(.up)))))
        }
        // What cannot even be told still has its status.
        body = (try? form.encode(problem)) ?? []
        self.closes = closes
    }
}
