import JSONCoding

/// The answer of some status that refuses a request: one of some problems. Many operations refuse alike, so it is a part
/// of `components.responses`.
struct Refusal: Hashable {
    let status: HTTPStatus
    /// In the order of their slugs.
    let problems: [ProblemType]
    /// The media type and the schema in place of problem details, for a route that implements a standard.
    let standard: Standard?

    struct Standard: Hashable {
        let mediaType: String
        let schema: String
    }

    /// What a route may refuse with, by status.
    static func all(of route: Route) -> [Refusal] {
        let form = route.problemForm
        let standard = form.schema.map { Standard(mediaType: form.mediaType, schema: $0.name) }
        return Dictionary(grouping: Set(route.allProblems), by: \.status).map { status, problems in
            Refusal(status: status, problems: problems.sorted { $0.slug < $1.slug }, standard: standard)
        }
    }

    /// `409-idempotency-key-in-use.slot-refused`, or `400` for nothing but what every route may answer.
    var name: String {
        let own =
            problems.filter { !Route.problemsOfAll.contains($0) }.map(\.slug) + [standard?.schema].compactMap(\.self)
        return own.isEmpty ? "\(status.code)" : "\(status.code)-\(own.joined(separator: "."))"
    }

    func document(_ schemas: ComponentSchemas) -> JSONValue {
        let sentences = problems.map { problem in
            "`\(problem.slug)`: \(schemas.texts.sentences[problem.schemaName] ?? "\(problem.title).")"
        }
        return [
            "description": .string(sentences.joined(separator: " ")), "content": content(schemas),
            "headers": .object(ResponseHeader.references(to: ResponseHeader.fields(of: status, problems))),
        ]
    }

    private func content(_ schemas: ComponentSchemas) -> JSONValue {
        guard let standard else { return .object([ProblemForm.details.mediaType: ["schema": schema(schemas)]]) }
        var content: [String: JSONValue] = ["schema": ["$ref": .string("#/components/schemas/\(standard.schema)")]]
        content["example"] = schemas.texts.examples[standard.schema]
        return .object([standard.mediaType: .object(content)])
    }

    private func schema(_ schemas: ComponentSchemas) -> JSONValue {
        guard problems.count > 1 else { return schemas.reference(to: problems[0]) }
        let mapping = problems.map { ($0.uri, JSONValue.string("#/components/schemas/\($0.schemaName)")) }
        return [
            "oneOf": .array(problems.map(schemas.reference)),
            "discriminator": [
                "propertyName": "type", "mapping": .object(Dictionary(mapping) { first, _ in first }),
            ],
        ]
    }
}
