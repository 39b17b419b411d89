package import JSONCoding

/// An error that is an answer: problem details (RFC 9457) as `application/problem+json`.
package struct Problem: Error {
    /// The kind of problem.
    package let type: ProblemType
    /// A French sentence for the person at the counter: what happened and what to do. Never internals.
    package let detail: String
    /// The faults of what was sent, if that is the problem.
    package let errors: [InvalidInput.Fault]
    /// Members beside the standard ones, such as the alternatives to a slot that is taken; of the type that ``type``
    /// declares.
    package let members: (any ProblemMembers)?
    /// When to try again; becomes `Retry-After`, in whole seconds, rounded up.
    package let retryAfter: Duration?
    /// Header fields of the answer.
    var headers: HeaderFields = [:]

    /// A problem to throw from a handler.
    package init(
        _ type: ProblemType, _ detail: String, errors: [InvalidInput.Fault] = [],
        members: (any ProblemMembers)? = nil, retryAfter: Duration? = nil
    ) {
        self.type = type
        self.detail = detail
        self.errors = errors
        self.members = members
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
        try members?.encode(to: encoder)
        var standard = encoder.container(keyedBy: Member.self)
        try standard.encode(type.uri, forKey: .type)
        try standard.encode(type.title, forKey: .title)
        try standard.encode(type.status.code, forKey: .status)
        try standard.encode(detail, forKey: .detail)
        if !errors.isEmpty { try standard.encode(errors, forKey: .errors) }
    }

    private enum Member: String, CodingKey { case type, title, status, detail, errors }
}
