import GuichetProtocol
import JSONCoding

/// The schemas of a document, `components.schemas`: those of the types that the routes take and answer, with their
/// sentences, their rules, and marks for the members that clients cannot set. What no route refers to is left out.
final class ComponentSchemas {
    let catalog = SchemaCatalog()
    let texts: APITexts
    /// The problems of the routes, by the names of their schemas.
    private(set) var problems: [String: ProblemType] = [:]
    /// The names of schemas of problems that are answered as problem details.
    private var detailed: Set<String> = []
    private var standards: [String: NamedSchema] = [:]
    /// The names of schemas that requests refer to.
    private var taken: Set<String> = []
    /// The names of all schemas that routes refer to.
    private var used: Set<String> = []
    /// The members that a request can set, by the name of the schema that it is answered with.
    private var settable: [String: Set<String>] = [:]
    /// The names of schemas of answers by those of the requests that may send them back.
    private var sentBack: [String: String] = [:]

    init(_ routes: [Route], _ texts: APITexts) {
        self.texts = texts
        for route in routes { note(route) }
    }

    /// The schemas by name.
    var documents: [String: JSONValue] {
        var documents = standards.mapValues(\.document)
        for name in used where documents[name] == nil { documents[name] = document(of: name) }
        for (name, type) in problems where detailed.contains(name) {
            documents[name] = document(ofProblem: type, name)
        }
        if problems.values.contains(where: \.namesFaults) { documents["Fault"] = faultDocument }
        return documents
    }

    /// The schema of a variable in a path: that of its type in the catalogue if it has a name there.
    func schema(of parameter: PathTemplate.Parameter) -> JSONSchema {
        guard let type = parameter.type as? any Decodable.Type, case .reference(let name) = catalog.schema(of: type)
        else { return parameter.type.schema }
        return .reference(name)
    }

    /// A reference to the schema of a problem.
    func reference(to problem: ProblemType) -> JSONValue { ["$ref": "#/components/schemas/\(problem.schemaName)"] }

    /// An example of a body; that of a page is a page with the example of its item.
    func example(of name: String, isPaged: Bool) -> JSONValue? {
        if let example = texts.examples[name] { return example }
        guard name.hasPrefix("PageOf"), let item = texts.examples[String(name.dropFirst("PageOf".count))] else {
            return nil
        }
        return isPaged ? ["items": [item], "next": "q80uX3Jldmllbg"] : ["items": [item]]
    }

    /// The schema of a member of an object, or of a parameter of a query, with its sentence.
    ///
    /// - Parameter name: of the object's schema.
    func document(of member: String, _ schema: JSONSchema, in name: String) -> JSONValue {
        var (plain, admitsNull) = (schema, false)
        if case .nullable(let some) = schema { (plain, admitsNull) = (some, taken.contains(name)) }
        var document = plain.document
        let rules = (catalog.types[name] as? any WireRules.Type)?.rules ?? [:]
        rules[member]?.apply(to: &document)
        if member == "cursor", catalog.types[name] is any PagedQuery.Type { CursorCodec.rule.apply(to: &document) }
        // Answers leave members without a value out.
        if admitsNull { document = ["anyOf": [.object(document), ["type": "null"]]] }
        document["description"] = texts.sentences["\(name).\(member)"].map { .string($0) }
        if let settable = settable[name], !settable.contains(member) { document["readOnly"] = true }
        return .object(document)
    }
}

extension ComponentSchemas {
    private func note(_ route: Route) {
        let content = route.content
        for field in content.queryFields(catalog) { use(field.schema) }
        for parameter in route.template.parameters {
            use(schema(of: parameter))
        }
        let body = content.body.map { $0(catalog) }
        if let body {
            use(body)
            collect(body, into: &taken)
        }
        for schema in [content.described, route.problemForm.schema].compactMap(\.self) {
            standards[schema.name] = schema
        }
        if content.replyMediaType != nil {
            let reply = content.reply(catalog)
            use(reply)
            noteSettable(reply, body)
            if route.takesBack, case .reference(let name) = reply, case .reference(let input)? = body {
                sentBack[input] = name
            }
        }
        for problem in route.allProblems {
            problems[problem.schemaName] = problem
            guard route.problemForm.schema == nil else { continue }
            detailed.insert(problem.schemaName)
            if let members = problem.members { use(parts(of: members)) }
        }
    }

    /// Members of `reply` that also are members of a request that is answered with it can be set.
    private func noteSettable(_ reply: JSONSchema, _ body: JSONSchema?) {
        guard case .reference(let name) = reply, case .reference(let input)? = body,
            case .object(let properties, _, _)? = catalog.components[input]
        else { return }
        settable[name, default: []].formUnion(properties.keys)
    }

    private func use(_ schema: JSONSchema) { collect(schema, into: &used) }

    private func collect(_ schema: JSONSchema, into names: inout Set<String>) {
        switch schema {
        case .reference(let name):
            guard names.insert(name).inserted, let target = catalog.components[name] else { return }
            collect(target, into: &names)
        case .array(let element, _): collect(element, into: &names)
        case .map(let value), .nullable(let value): collect(value, into: &names)
        case .object(let properties, _, _): for property in properties.values { collect(property, into: &names) }
        case .string, .integer, .number, .boolean, .enumeration, .null, .any: break
        }
    }

    private func document(of name: String) -> JSONValue? {
        guard let schema = catalog.components[name] else { return nil }
        var document = schema.document
        if case .object(let properties, _, _) = schema {
            var described = properties.map { ($0, self.document(of: $0, $1, in: name)) }
            if let view = sentBack[name], case .object(let answered, _, _)? = catalog.components[view] {
                described += answered.filter { properties[$0.key] == nil }.map {
                    ($0, self.document(of: $0, $1, in: view))
                }
            }
            document["properties"] = .object(Dictionary(described) { first, _ in first })
        }
        document["description"] = texts.sentences[name].map { .string($0) }
        return .object(document)
    }
}

// Problems.
extension ComponentSchemas {
    /// The members of a problem beside the standard ones, as an object that has no name of its own.
    private func parts(of members: any ProblemMembers.Type) -> JSONSchema {
        guard case .reference(let name) = catalog.schema(of: members), let schema = catalog.components[name] else {
            preconditionFailure("the members of a problem are an object: \(members)")
        }
        return schema
    }

    private func document(ofProblem type: ProblemType, _ name: String) -> JSONValue {
        var properties = Self.standardMembers(of: type)
        var required: [JSONValue] = ["type", "title", "status", "detail"]
        if let members = type.members, case .object(let parts, let always, _) = self.parts(of: members) {
            let owner = SchemaCatalog.name(of: members)
            for (member, schema) in parts { properties[member] = document(of: member, schema, in: owner) }
            required += always.map { .string($0) }
        }
        if type.namesFaults { properties["errors"] = Self.faults }
        var document: [String: JSONValue] = [
            "type": "object", "properties": .object(properties), "required": .array(required),
            "examples": [texts.examples[name] ?? type.example],
        ]
        document["description"] = texts.sentences[name].map { .string($0) }
        return .object(document)
    }

    private static func standardMembers(of type: ProblemType) -> [String: JSONValue] {
        [
            "type": [
                "type": "string", "format": "uri", "const": .string(type.uri),
                "description": "What programs decide by; it never changes.",
            ],
            "title": ["type": "string", "description": "A short French sentence, the same for every occurrence."],
            "status": [
                "type": "integer", "const": .integer(type.status.code), "description": "The status of the answer.",
            ],
            "detail": [
                "type": "string",
                "description": "A French sentence for the person at the counter: what happened and what to do.",
            ],
        ]
    }

    private static let faults: JSONValue = [
        "type": "array", "items": ["$ref": "#/components/schemas/Fault"],
        "maxItems": .integer(InvalidInput.maximumFaults),
        "description": "Each fault of what was sent, if they are known.",
    ]

    private var faultDocument: JSONValue {
        [
            "type": "object", "description": "A fault of what was sent.",
            "properties": [
                "pointer": [
                    "type": "string",
                    "description":
                        "The place as a JSON Pointer (RFC 6901): into the body, or `/name` for a parameter of the query.",
                ],
                "detail": ["type": "string", "description": "A French sentence: what is expected there."],
            ],
            "required": ["pointer", "detail"],
        ]
    }
}

extension ProblemType {
    /// The name of the problem's schema, `SlotRefusedProblem`.
    package var schemaName: String {
        slug.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() + "Problem"
    }

    /// Whether the problem may list the faults of what was sent.
    fileprivate var namesFaults: Bool { [.invalidBody, .invalidQuery].contains(self) }

    /// The problem as it may be answered; one with further members has an example of its own.
    fileprivate var example: JSONValue {
        [
            "type": .string(uri), "title": .string(title), "status": .integer(status.code),
            "detail": .string("\(title)."),
        ]
    }
}

extension WireRule {
    /// Adds the rule to the schema of a value.
    fileprivate func apply(to document: inout [String: JSONValue]) {
        switch self {
        case .constant(let text): document["const"] = .string(text)
        case .oneOf(let texts): document["enum"] = .array(texts.map { .string($0) })
        case .bounds(let minimum, let maximum):
            document["minimum"] = .integer(minimum)
            document["maximum"] = maximum.map { .integer($0) }
        case .length(let minimum, let maximum):
            document["minLength"] = .integer(minimum)
            document["maxLength"] = .integer(maximum)
        case .maximumCount(let count): document["maxItems"] = .integer(count)
        case .pattern(let pattern): document["pattern"] = .string(pattern)
        case .mediaType(let type): document["contentMediaType"] = .string(type)
        case .id: document["format"] = "uuid"
        }
    }
}
