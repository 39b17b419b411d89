import GuichetProtocol
import JSONCoding

/// One route in the terms of OpenAPI.
struct Operation {
    let route: Route
    let schemas: ComponentSchemas

    var document: JSONValue {
        var document: [String: JSONValue] = [
            "operationId": .string(route.name), "summary": .string(route.summary),
            "parameters": .array(parameters), "responses": .object(responses), "security": [],
        ]
        document["tags"] = route.tag.map { [.string($0.name)] }
        if case .roles(let roles, let scope) = route.access {
            let roles = "Roles: \(roles.map(\.rawValue).sorted().joined(separator: ", "))."
            document["description"] = .string(scope.map { "\(roles) Scope: `\($0.rawValue)`." } ?? roles)
            document["security"] = .array(
                [["bearer": []]] + (scope.map { [[SecurityScheme.serviceAccount: [.string($0.rawValue)]]] } ?? []))
        }
        document["requestBody"] = route.content.body.map { body in
            [
                "required": true,
                "content": [route.content.bodyMediaType: .object(content(body(schemas.catalog)).members)],
            ]
        }
        return .object(document)
    }

    /// A body of this schema, with its example.
    private func content(_ schema: JSONSchema) -> JSONValue {
        var content: [String: JSONValue] = ["schema": .object(schema.document)]
        if case .reference(let name) = schema {
            content["example"] = schemas.example(of: name, isPaged: route.content.isPaged)
        }
        return .object(content)
    }
}

// What a request has.
extension Operation {
    private var parameters: [JSONValue] {
        let path = route.template.parameters.map { parameter in
            Self.parameter(
                parameter.name, in: "path", parameter.summary, isRequired: true,
                .object(schemas.schema(of: parameter).document))
        }
        let query = route.content.queryFields(schemas.catalog).map { field in
            var schema = schemas.document(of: field.name, field.schema, in: route.content.queryName).members
            let sentence = schema.removeValue(forKey: "description")?.text
            return Self.parameter(
                field.name, in: "query", sentence, isRequired: field.isRequired, .object(schema))
        }
        return path + query + headers
    }

    private var headers: [JSONValue] {
        var headers: [JSONValue] = []
        if route.idempotency != .none {
            headers.append(
                Self.header(
                    "Idempotency-Key", isRequired: route.idempotency == .required,
                    "Chosen by the client, new for each operation; a repetition has no second effect.",
                    [
                        "minLength": 1, "maxLength": .integer(IdempotentRequest.maximumLength),
                        "pattern": "^[!#-\\[\\]-~]+$",
                    ]))
        }
        if route.ifMatch != .none {
            headers.append(
                Self.header(
                    "If-Match", isRequired: route.ifMatch == .required,
                    "The `ETag` of the version that the change is based on, or `*` for any version.",
                    ["maxLength": 64, "pattern": .string(EntityTag.pattern(or: "\\*"))]))
        }
        if route.ifMatch == .requiredToReplace {
            headers.append(
                Self.header(
                    "If-None-Match", isRequired: false, "`*` if it must not exist yet.",
                    ["type": "string", "enum": ["*"]]))
        }
        if route.method == .get, route.sends.contains(.entityTag) {
            headers.append(
                Self.header(
                    "If-None-Match", isRequired: false,
                    "The `ETag` of what the client has already; the answer is 304 if it is current.",
                    ["maxLength": 1024]))
        }
        return headers
    }

    private static func header(
        _ name: String, isRequired: Bool, _ sentence: String, _ rules: [String: JSONValue]
    ) -> JSONValue {
        parameter(
            name, in: "header", sentence, isRequired: isRequired, .object(rules.merging(["type": "string"]) { $1 }))
    }

    private static func parameter(
        _ name: String, in place: String, _ sentence: String?, isRequired: Bool, _ schema: JSONValue
    ) -> JSONValue {
        var parameter: [String: JSONValue] = [
            "name": .string(name), "in": .string(place), "required": .boolean(isRequired), "schema": schema,
        ]
        parameter["description"] = sentence.map { .string($0) }
        return .object(parameter)
    }
}

// What is answered.
extension Operation {
    private var responses: [String: JSONValue] {
        var responses = [String(route.success.code): success]
        if route.method == .get, route.sends.contains(.entityTag) {
            responses["304"] = [
                "description": "The client has the current version already.",
                "headers": .object(ResponseHeader.references(to: [.requestID, .entityTag])),
            ]
        }
        for refusal in Refusal.all(of: route) {
            responses[String(refusal.status.code)] = ["$ref": .string("#/components/responses/\(refusal.name)")]
        }
        return responses
    }

    private var success: JSONValue {
        var headers: [ResponseHeader] = [.requestID]
        if route.sends.contains(.entityTag) { headers.append(.entityTag) }
        if route.sends.contains(.location) { headers.append(.location) }
        var response: [String: JSONValue] = [
            "description": .string(route.success.phrase), "headers": .object(ResponseHeader.references(to: headers)),
        ]
        if let mediaType = route.content.replyMediaType {
            let schema = route.content.reply(schemas.catalog)
            var content = content(schema).members
            if case .string = schema { content["example"] = schemas.texts.examples[route.name] }
            response["content"] = [mediaType: .object(content)]
            if case .reference(let name) = schema, let sentence = schemas.texts.sentences[name] {
                response["description"] = .string(sentence)
            }
        }
        return .object(response)
    }
}
