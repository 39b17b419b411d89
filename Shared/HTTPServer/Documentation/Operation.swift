import GuichetProtocol
import JSONCoding

/// One route in the terms of OpenAPI.
struct Operation: Encodable {
    struct Parameter: Encodable {
        let name: String
        let `in`: String
        let required: Bool
        let schema: JSONSchema
        let description: String?
    }

    struct Content: Encodable {
        let schema: JSONSchema
    }

    struct RequestBody: Encodable {
        let required = true
        let content: [String: Content]
    }

    struct Response: Encodable {
        let description: String
        let content: [String: Content]?
    }

    let operationId: String
    let summary: String
    let description: String?
    let security: [[String: [String]]]
    let parameters: [Parameter]
    let requestBody: RequestBody?
    let responses: [String: Response]

    init(_ route: Route, _ catalog: SchemaCatalog) {
        operationId = Self.identifier(of: route)
        summary = route.summary
        switch route.access {
        case .anyone:
            description = nil
            security = []
        case .roles(let roles):
            description = "Roles: \(roles.map(\.rawValue).sorted().joined(separator: ", "))."
            security = [["bearer": []]]
        }
        parameters = Self.parameters(of: route, catalog)
        requestBody = route.content.body.map { schema in
            RequestBody(content: ["application/json": Content(schema: schema(catalog))])
        }
        responses = Self.responses(of: route, catalog)
    }

    /// `get_api_appointments_id`.
    private static func identifier(of route: Route) -> String {
        let words = route.template.segments.map { segment in
            switch segment {
            case .literal(let text), .parameter(name: let text, type: _):
                text.map { $0.isLetter || $0.isNumber ? $0 : "_" }
            }
        }
        return ([Array(route.method.rawValue.lowercased())] + words).map { String($0) }.joined(separator: "_")
    }

    private static func parameters(of route: Route, _ catalog: SchemaCatalog) -> [Parameter] {
        var parameters = route.template.parameters.map { name, type in
            Parameter(name: name, in: "path", required: true, schema: type.schema, description: nil)
        }
        for field in route.content.queryFields(catalog) {
            parameters.append(
                Parameter(
                    name: field.name, in: "query", required: field.isRequired, schema: field.schema, description: nil))
        }
        if route.idempotency != .none {
            parameters.append(
                Parameter(
                    name: "Idempotency-Key", in: "header", required: route.idempotency == .required,
                    schema: .string(
                        pattern: "^[!#-\\[\\]-~]+$", minLength: 1, maxLength: IdempotentRequest.maximumLength),
                    description: "Chosen by the client, new for each operation; a repetition has no second effect."))
        }
        if route.ifMatch != .none {
            parameters.append(
                Parameter(
                    name: "If-Match", in: "header", required: route.ifMatch == .required,
                    schema: .string(pattern: "^\"[0-9]+\"$"),
                    description: "The ETag of the version that was read."))
        }
        return parameters
    }

    private static func responses(of route: Route, _ catalog: SchemaCatalog) -> [String: Response] {
        let content = route.content.replyMediaType.map { [$0: Content(schema: route.content.reply(catalog))] }
        var responses = [String(route.success.code): Response(description: route.success.phrase, content: content)]
        let refusal = [route.problemForm.mediaType: Content(schema: route.problemForm.schema)]
        let problems = Dictionary(grouping: Set(route.allProblems), by: \.status)
        for (status, types) in problems {
            let description = types.map { "`\($0.slug)`: \($0.title)." }.sorted().joined(separator: " ")
            responses[String(status.code)] = Response(description: description, content: refusal)
        }
        return responses
    }
}

extension Route {
    /// The problems of the route and those that follow from what it takes and who may call it. A handler throws some of
    /// these itself: `not-found` for what a path names, `unavailable` where the database does not answer.
    package var allProblems: [ProblemType] {
        var all = problems + [.malformedRequest, .invalidQuery, .headTooLarge, .internalError, .timeout, .unavailable]
        if method != .get { all.append(.outcomeUnknown) }
        if access != .anyone { all += [.unauthenticated, .forbidden] }
        if !template.parameters.isEmpty { all.append(.notFound) }
        if idempotency == .required { all.append(.idempotencyKeyMissing) }
        if idempotency != .none { all += [.idempotencyKeyInvalid, .idempotencyKeyInUse, .idempotencyKeyReused] }
        if ifMatch != .none { all.append(.preconditionFailed) }
        if ifMatch == .required { all.append(.preconditionRequired) }
        if content.body != nil { all += [.unsupportedMediaType] }
        if content.isPaged { all += [.invalidCursor] }
        if success == .switchingProtocols { all += [.upgradeRequired] }
        return all + [.invalidBody, .contentTooLarge]
    }
}
