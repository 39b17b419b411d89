import EventLoop
import GuichetProtocol
import JSONCoding

/// One operation of an API: who may call it, what it takes, what it answers, and the handler. Everything but the
/// handler is documented from here (``OpenAPIDocument``).
package struct Route: Sendable {
    /// The largest body of a route that does not say otherwise, in bytes.
    package static let standardBodyLimit = 64 * 1024

    /// The name of the operation, a verb and a noun: `rescheduleAppointment`. Unique in the suite: clients that are
    /// generated have a function of this name.
    package let name: String
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
    /// Whether it takes an `If-Match`.
    package let ifMatch: VersionCheck
    /// The header fields of a successful answer.
    package let sends: Set<AnswerField>
    /// The status of a reply that does not state one.
    package let success: HTTPStatus
    /// The problems of its own: those that follow from the other properties are in ``allProblems``.
    package let problems: [ProblemType]
    /// True for what operators and their tools read at the replica itself.
    private(set) var isForOperators = false
    /// The resource that it belongs to in the documentation; nil until the list of routes is `tagged`.
    package internal(set) var tag: RouteTag?
    /// Nil for a route of an API of this suite.
    let foreign: ForeignProtocol?
    /// Whether a body may send back members that are read-only.
    let takesBack: Bool
    let bodyLimit: Int
    let content: RouteContent
    let problemForm: ProblemForm
    let serve: @EventLoop @Sendable (Call) async throws -> Answer

    /// A route with its handler.
    ///
    /// - Parameters:
    ///   - name: a verb and a noun in `camelCase`, unique in the suite.
    ///   - mediaType: of content that is not a JSON value of this suite (``RawContent``).
    ///   - schema: of such content if it is JSON.
    ///   - sends: whether answers have an entity tag and a location.
    ///   - ifMatch: whether a change names the version that it changes.
    ///   - problems: the problems of this route alone. Those that follow from its access, path, key, `If-Match`, query and
    ///     body, and those of every route, are added (``allProblems``).
    ///   - problemForm: how refusals are written.
    ///   - current: reads the resource as it is stored; nil if there is none. With it, a body may send back what was read:
    ///     members that are read-only are ignored if they have their stored value, in a `PATCH` all that do.
    ///   - handler: its query, body and content decide what is decoded, encoded and documented.
    package init<Query: Decodable & Sendable, Body: Decodable & Sendable, Content: Sendable>(
        _ name: String, _ method: HTTPMethod, _ template: PathTemplate, _ summary: String, access: Access,
        produces mediaType: String = "application/json", describedBy schema: NamedSchema? = nil,
        idempotency: Idempotency = .none, ifMatch: VersionCheck = .none, sends: Set<AnswerField> = [],
        bodyLimit: Int = standardBodyLimit, success: HTTPStatus = .ok, problems: [ProblemType] = [],
        problemForm: ProblemForm = .details,
        current: (@EventLoop @Sendable (Call) async throws -> Reply<Content>?)? = nil,
        handler: @escaping @EventLoop @Sendable (Call, Query, Body) async throws -> Reply<Content>
    ) {
        precondition(method != .head && method != .options, "the server itself answers \(method.rawValue)")
        let isEmpty = Content.self == NoContent.self
        self.name = name
        self.method = method
        self.template = template
        self.summary = summary
        self.access = access
        self.idempotency = idempotency
        self.ifMatch = ifMatch
        self.sends = sends
        foreign = nil
        takesBack = current != nil
        self.bodyLimit = bodyLimit
        self.success = isEmpty && success == .ok ? .noContent : success
        self.problems = problems
        self.problemForm = problemForm
        content = RouteContent(
            query: Query.self, body: Body.self, reply: Content.self, mediaType: mediaType, described: schema)
        let standard = self.success
        serve = { call in
            let sentBack = current.map { SentBackState(isPatch: method == .patch, read: $0) }
            let reply = try await call.reply(of: handler, sentBack)
            if let upgrade = reply.upgrade { return Answer(upgrade) }
            assert(reply.fields == sends, "\(name) answers \(reply.fields) and declares \(sends)")
            var answer = Answer(status: reply.status ?? standard, headers: reply.headers)
            guard !isEmpty else { return answer }
            answer.headers.add("content-type", mediaType)
            if let stream = reply.stream { return answer.streaming(stream) }
            answer.body = try reply.encoded()
            answer.compressedCopy = reply.compressedCopy
            return answer
        }
    }
}

extension Route {
    /// The same route for operators alone: pages of other origins may not read it.
    func forOperators() -> Route {
        var route = self
        route.isForOperators = true
        return route
    }

    /// Method and template, `GET /api/users/{id}`.
    var operation: String { "\(method.rawValue) \(template)" }
}

extension Call {
    /// A handler may find faults that the shape of the input does not show: they belong to the body if there is one.
    fileprivate func reply<Query: Decodable & Sendable, Body: Decodable & Sendable, Content>(
        of handler: @EventLoop @Sendable (Call, Query, Body) async throws -> Reply<Content>,
        _ sentBack: SentBackState<Content>?
    ) async throws -> Reply<Content> {
        do {
            return try await handler(self, decodedQuery(), decodedBody(sentBack))
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
            guard let open = Query.self as? any OpenQuery.Type else {
                return try StrictJSON.decode(Query.self, fromQuery: query)
            }
            return try StrictJSON.decode(
                Query.self, fromQuery: query.filter { open.parameters.contains($0.name) })
        } catch let invalid as InvalidInput {
            throw Self.invalidQuery(invalid)
        }
    }

    private func decodedBody<Body: Decodable, Content>(_ sentBack: SentBackState<Content>?) async throws -> Body {
        if let none = NoBody() as? Body {
            guard body.isEmpty else { throw Problem(.invalidBody, "Cette requête ne prend pas de contenu.") }
            return none
        }
        do {
            if let form = Body.self as? any FormBody.Type {
                guard let pairs = RequestTarget.pairs(of: body) else {
                    throw Problem(.invalidBody, "Le contenu de la requête est incorrect.")
                }
                return try StrictJSON.decode(
                    Body.self, fromQuery: pairs.filter { form.parameters.contains($0.name) })
            }
            return try StrictJSON.decode(Body.self, from: body)
        } catch let invalid as InvalidInput {
            guard let sentBack, let body = try await sentBack.decode(Body.self, of: self, after: invalid) else {
                throw invalid
            }
            return body
        }
    }
}
