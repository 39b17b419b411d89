import EventLoop
import GuichetProtocol
import JSONCoding

/// One operation of an API: who may call it, what it takes, what it answers, and the handler. Everything but the
/// handler is documented from here (``OpenAPIDocument``).
package struct Route: Sendable {
    /// The largest body of a route that does not say otherwise, in bytes.
    package static let standardBodyLimit = 64 * 1024

    /// The method.
    package let method: HTTPMethod
    /// The path.
    package let template: PathTemplate
    /// One English sentence for the documentation.
    package let summary: String
    /// Who may call it.
    package let access: Access
    /// Whether it takes an `Idempotency-Key`.
    package let idempotency: Idempotency
    /// The status of a reply that does not state one.
    package let success: HTTPStatus
    /// What it may answer beside the problems that every route of its kind has.
    package let problems: [ProblemType]
    let parameters: [String: any PathParameter.Type]
    let bodyLimit: Int
    let content: RouteContent
    let problemForm: ProblemForm
    let serve: @EventLoop @Sendable (Call) async throws -> Answer

    /// A route whose reply is JSON. Parameters of the path that `parameters` does not name are texts.
    package init<Query: Decodable & Sendable, Body: Decodable & Sendable, Content: Codable & Sendable>(
        _ method: HTTPMethod, _ template: PathTemplate, _ summary: String, access: Access,
        idempotency: Idempotency = .none, parameters: [String: any PathParameter.Type] = [:],
        bodyLimit: Int = standardBodyLimit, success: HTTPStatus = .ok, problems: [ProblemType] = [],
        handler: @escaping @EventLoop @Sendable (Call, Query, Body) async throws -> Reply<Content>
    ) {
        self.init(
            method, template, summary, access: access, idempotency: idempotency, parameters: parameters,
            bodyLimit: bodyLimit, success: success, problems: problems,
            content: RouteContent(query: Query.self, body: Body.self, reply: Content.self)
        ) { call in
            let reply = try await call.reply(of: handler)
            guard Content.self != NoContent.self else { return Answer(reply, success: .noContent) }
            var answer = Answer(reply, success: success)
            answer.headers.add("content-type", "application/json")
            answer.body = try JSONOutput.encode(reply.content)
            return answer
        }
    }

    /// A route whose reply is JSON that was encoded before.
    package init<Query: Decodable & Sendable, Body: Decodable & Sendable, Content: Codable & Sendable>(
        _ method: HTTPMethod, _ template: PathTemplate, _ summary: String, access: Access,
        idempotency: Idempotency = .none, parameters: [String: any PathParameter.Type] = [:],
        bodyLimit: Int = standardBodyLimit, success: HTTPStatus = .ok, problems: [ProblemType] = [],
        handler: @escaping @EventLoop @Sendable (Call, Query, Body) async throws -> Reply<EncodedContent<Content>>
    ) {
        self.init(
            method, template, summary, access: access, idempotency: idempotency, parameters: parameters,
            bodyLimit: bodyLimit, success: success, problems: problems,
            content: RouteContent(query: Query.self, body: Body.self, reply: Content.self)
        ) { call in
            let reply = try await call.reply(of: handler)
            var answer = Answer(reply, success: success)
            answer.headers.add("content-type", "application/json")
            answer.body = reply.content.bytes
            return answer
        }
    }

    /// A route whose reply has a media type of its own, and its refusals perhaps a form of their own.
    package init<Query: Decodable & Sendable, Body: Decodable & Sendable>(
        _ method: HTTPMethod, _ template: PathTemplate, _ summary: String, access: Access, produces mediaType: String,
        idempotency: Idempotency = .none, parameters: [String: any PathParameter.Type] = [:],
        bodyLimit: Int = standardBodyLimit, success: HTTPStatus = .ok, problems: [ProblemType] = [],
        problemForm: ProblemForm = .details,
        handler: @escaping @EventLoop @Sendable (Call, Query, Body) async throws -> Reply<RawContent>
    ) {
        self.init(
            method, template, summary, access: access, idempotency: idempotency, parameters: parameters,
            bodyLimit: bodyLimit, success: success, problems: problems,
            content: RouteContent(query: Query.self, body: Body.self, mediaType: mediaType),
            problemForm: problemForm
        ) { call in
            let reply = try await call.reply(of: handler)
            var answer = Answer(reply, success: success)
            answer.headers.add("content-type", mediaType)
            answer.body = reply.content.bytes
            return answer
        }
    }

    private init(
        _ method: HTTPMethod, _ template: PathTemplate, _ summary: String, access: Access, idempotency: Idempotency,
        parameters: [String: any PathParameter.Type], bodyLimit: Int, success: HTTPStatus, problems: [ProblemType],
        content: RouteContent, problemForm: ProblemForm = .details,
        serve: @escaping @EventLoop @Sendable (Call) async throws -> Answer
    ) {
        precondition(method != .head && method != .options, "the server itself answers \(method.rawValue)")
        precondition(Set(parameters.keys).isSubset(of: template.parameters), "\(template) has not all parameters")
        self.method = method
        self.template = template
        self.summary = summary
        self.access = access
        self.idempotency = idempotency
        self.parameters = parameters
        self.bodyLimit = bodyLimit
        self.success = success
        self.problems = problems
        self.content = content
        self.problemForm = problemForm
        self.serve = serve
    }
}

extension Answer {
    fileprivate init<Content>(_ reply: Reply<Content>, success: HTTPStatus) {
        self.init(status: reply.status ?? success, headers: reply.headers)
    }
}

extension Call {
    /// A handler may find faults that the shape of the input does not show: they are the body's when there is one.
    fileprivate func reply<Query: Decodable & Sendable, Body: Decodable & Sendable, Content>(
        of handler: @EventLoop @Sendable (Call, Query, Body) async throws -> Reply<Content>
    ) async throws -> Reply<Content> {
        do {
            return try await handler(self, decodedQuery(), decodedBody())
        } catch let invalid as InvalidInput {
            throw Body.self == NoBody.self ? Self.invalidQuery(invalid) : Self.invalidBody(invalid)
        }
    }

    private static func invalidQuery(_ invalid: InvalidInput) -> Problem {
        Problem(.invalidQuery, "Les paramètres de la requête sont incorrects.", errors: invalid.faults)
    }

    private static func invalidBody(_ invalid: InvalidInput) -> Problem {
        Problem(.invalidBody, "Le contenu de la requête est incorrect.", errors: invalid.faults)
    }

    private func decodedQuery<Query: Decodable>() throws -> Query {
        do {
            return try StrictJSON.decode(Query.self, fromQuery: query)
        } catch let invalid as InvalidInput {
            throw Self.invalidQuery(invalid)
        }
    }

    private func decodedBody<Body: Decodable>() throws -> Body {
        if let none = NoBody() as? Body {
            guard body.isEmpty else { throw Problem(.invalidBody, "Cette requête ne prend pas de contenu.") }
            return none
        }
        return try StrictJSON.decode(Body.self, from: body)
    }
}
