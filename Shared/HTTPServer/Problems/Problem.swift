package import JSONCoding

/// An error that is an answer: problem details (RFC 9457) as `application/problem+json`.
package struct Problem: Error {
    /// The kind of problem.
    package let type: ProblemType
    /// A French sentence for the person at the counter: what happened and what to do. Never internals.
    package let detail: String
    /// The faults of what was sent, if that is the problem.
    package let errors: [InvalidInput.Fault]
    /// Members beside the standard ones, such as the alternatives to a slot that is taken.
    package let extensions: [String: any Encodable & Sendable]
    /// When to try again; becomes `Retry-After`, in whole seconds, rounded up.
    package let retryAfter: Duration?
    /// Header fields of the answer.
    var headers: HeaderFields = [:]

    /// A problem to throw from a handler.
    package init(
        _ type: ProblemType, _ detail: String, errors: [InvalidInput.Fault] = [],
        extensions: [String: any Encodable & Sendable] = [:], retryAfter: Duration? = nil
    ) {
        self.type = type
        self.detail = detail
        self.errors = errors
        self.extensions = extensions
        self.retryAfter = retryAfter
    }

    /// The answer to the 404 of anything that is not there, or not there for this caller.
    package static var notFound: Problem { Problem(.notFound, "Cette ressource n’existe pas.") }

    /// The same problem with one more header field of the answer.
    package func with(_ name: String, _ value: String) -> Problem {
        var problem = self
        problem.headers.add(name, value)
        return problem
    }
}

extension Problem: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: Member.self)
        // Extensions first: they cannot replace a member of the standard.
        for (name, value) in extensions { try members.encode(value, forKey: Member(name)) }
        try members.encode(type.uri, forKey: "type")
        try members.encode(type.title, forKey: "title")
        try members.encode(type.status.code, forKey: "status")
        try members.encode(detail, forKey: "detail")
        if !errors.isEmpty { try members.encode(errors, forKey: "errors") }
    }

    private struct Member: CodingKey, ExpressibleByStringLiteral {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init(stringLiteral name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }
}
