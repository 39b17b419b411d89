import Foundation

/// `docs/openapi` is compared with the services by their own tests; this checks what it says.
extension Check {
    static let describedAPIs = Check(
        rule: "An API describes all that it takes and answers",
        find: { tree in
            let documents = tree.files.filter { $0.path.hasPrefix("docs/openapi/") }.map(APIDocument.init)
            return documents.flatMap(\.findings) + APIDocument.repeatedOperations(documents)
        },
        breaches: [
            Tree([APIDocument.path: "{"]),
            example(replacing: #""summary": "Reads it.", "#, with: ""),
            example(replacing: #", "tags": ["Things"]"#, with: ""),
            example(replacing: "readThing", with: "read_thing"),
            example(replacing: #""description": "Which one.", "#, with: ""),
            example(replacing: #", "maxLength": 9"#, with: ""),
            example(replacing: #""description": "A thing.", "#, with: ""),
            example(replacing: #""description": "How many.", "#, with: ""),
            example(replacing: "How many.", with: "How many"),
            example(replacing: "How many.", with: "How many, nil if unknown."),
            example(replacing: #", "minimum": 0"#, with: ""),
            example(replacing: #""example": { "count": 1 }, "#, with: ""),
            example(replacing: ##""schema": { "$ref": "#/components/schemas/Thing" }"##, with: #""schema": {}"#),
            example(
                replacing: #""schemas": {"#, with: #""schemas": { "Unused": { "description": "A.", "type": "null" },"#),
            Tree([APIDocument.path: APIDocument.example, "docs/openapi/b.json": APIDocument.example]),
        ],
        observances: [Tree([APIDocument.path: APIDocument.example])])

    private static func example(replacing text: String, with other: String) -> Tree {
        Tree([APIDocument.path: APIDocument.example.replacing(text, with: other)])
    }
}

/// A document, and what is missing in it.
private struct APIDocument {
    typealias Members = [String: Any]

    static let path = "docs/openapi/a.json"
    static let example = ##"""
        { "openapi": "3.1.0",
          "paths": { "/api/things/{id}": { "get": { "operationId": "readThing", "summary": "Reads it.", "tags": ["Things"],
            "parameters": [{ "name": "id", "in": "path", "description": "Which one.", "required": true,
                             "schema": { "type": "string", "maxLength": 9 } }],
            "responses": { "200": { "description": "OK", "content": { "application/json": {
              "example": { "count": 1 }, "schema": { "$ref": "#/components/schemas/Thing" } } } } } } } },
          "components": { "schemas": { "Thing": { "description": "A thing.", "type": "object", "properties": {
            "count": { "description": "How many.", "type": "integer", "minimum": 0 } } } } } }
        """##

    let file: SourceFile
    private let root: Members?

    init(_ file: SourceFile) {
        self.file = file
        // A document that cannot be parsed is a finding.
        root = try? JSONSerialization.jsonObject(with: Data(file.text.utf8)) as? Members
    }

    var findings: [Finding] {
        guard let root else { return [file.finding("is no JSON document")] }
        return (operationFindings + schemaFindings + Self.emptySchemas(in: root, at: "")).map { file.finding($0) }
    }

    /// Operations that have the name of another, in whichever document.
    static func repeatedOperations(_ documents: [APIDocument]) -> [Finding] {
        var known: Set<String> = []
        return documents.flatMap { document in
            document.operations.map(\.name).filter { !known.insert($0).inserted }.map {
                document.file.finding("\($0) is the name of another operation, too")
            }
        }
    }

    private var operations: [(name: String, members: Members)] {
        let paths = root?["paths"] as? [String: [String: Members]] ?? [:]
        return paths.values.flatMap(\.values).map { ($0["operationId"] as? String ?? "", $0) }
    }

    private var schemas: [String: Members] { components("schemas") }
    private var refusals: [String: Members] { components("responses") }

    private func components(_ kind: String) -> [String: Members] {
        (root?["components"] as? Members)?[kind] as? [String: Members] ?? [:]
    }
}

// What is asked of operations.
extension APIDocument {
    private var operationFindings: [String] {
        operations.flatMap { name, operation -> [String] in
            var findings = name.wholeMatch(of: /[a-z]+([A-Z][a-z]+)+/) == nil ? ["\(name) is no verb and noun"] : []
            if !Self.isSentence(operation["summary"]) { findings.append("\(name) has no sentence") }
            if (operation["tags"] as? [String] ?? []).isEmpty { findings.append("\(name) has no tag") }
            for parameter in operation["parameters"] as? [Members] ?? [] {
                let place = "\(name), parameter \(parameter["name"] ?? "")"
                if !Self.isSentence(parameter["description"]) { findings.append("\(place) has no sentence") }
                findings += Self.missingBounds(of: parameter["schema"], place, areTextsBounded: true)
            }
            return findings
                + bodies(of: operation).filter { $0["example"] == nil }.map { _ in
                    "\(name) has a body without an example"
                }
        }
    }

    /// The bodies that an operation takes, and those that it answers when it succeeds.
    private func bodies(of operation: Members) -> [Members] {
        let successes = (operation["responses"] as? [String: Members] ?? [:]).filter { $0.key.hasPrefix("2") }.values
        return (successes + [operation["requestBody"] as? Members].compactMap(\.self)).flatMap { body in
            (body["content"] as? [String: Members] ?? [:]).values
        }
    }

    private static func isSentence(_ text: Any?) -> Bool {
        guard let text = text as? String else { return false }
        return text.hasSuffix(".") && !text.contains("``") && text.firstMatch(of: /\b[Nn]il\b/) == nil
    }
}

// What is asked of schemas.
extension APIDocument {
    private var schemaFindings: [String] {
        let taken = references(from: operations.compactMap { $0.members["requestBody"] })
        let used = references(from: [root?["paths"] ?? [:]])
        return schemas.flatMap { name, schema -> [String] in
            var findings = Self.isSentence(schema["description"]) ? [] : ["schema \(name) has no sentence"]
            if !used.contains(name) { findings.append("schema \(name) is not used") }
            for (member, property) in schema["properties"] as? [String: Members] ?? [:] {
                if !Self.isSentence(property["description"]) { findings.append("\(name).\(member) has no sentence") }
                let isSet = taken.contains(name) && property["readOnly"] as? Bool != true
                findings += Self.missingBounds(of: property, "\(name).\(member)", areTextsBounded: isSet)
            }
            return findings
        }
    }

    /// The names of the schemas that these refer to, directly or through others.
    private func references(from values: [Any]) -> Set<String> {
        var (found, rest): (Set<String>, [Any]) = ([], values)
        while let value = rest.popLast() {
            if let members = value as? Members {
                if let name = (members["$ref"] as? String)?.split(separator: "/").last.map(String.init),
                    found.insert(name).inserted
                {
                    rest += [schemas[name], refusals[name]].compactMap(\.self)
                }
                rest += Array(members.values)
            } else if let elements = value as? [Any] {
                rest += elements
            }
        }
        return found
    }

    /// Whole numbers need a lower bound, texts that are sent a length, a form or a list.
    private static func missingBounds(of schema: Any?, _ place: String, areTextsBounded: Bool) -> [String] {
        guard let schema = schema as? Members else { return [] }
        let parts = (schema["anyOf"] as? [Any] ?? []) + [schema["items"]].compactMap(\.self)
        let findings = parts.flatMap { missingBounds(of: $0, place, areTextsBounded: areTextsBounded) }
        let isKnown = schema["const"] != nil || schema["enum"] != nil
        switch schema["type"] as? String {
        case "integer" where !isKnown && schema["minimum"] == nil: return findings + ["\(place) has no lower bound"]
        case "string" where areTextsBounded && !isKnown:
            guard ["maxLength", "format", "pattern"].allSatisfy({ schema[$0] == nil }) else { return findings }
            return findings + ["\(place) has neither length nor form"]
        default: return findings
        }
    }

    private static func emptySchemas(in value: Any, at place: String) -> [String] {
        if let elements = value as? [Any] { return elements.flatMap { emptySchemas(in: $0, at: place) } }
        guard let members = value as? Members else { return [] }
        return members.flatMap { name, member -> [String] in
            guard !["example", "examples", "security"].contains(name) else { return [] }
            let isSchema = ["schema", "items", "additionalProperties"].contains(name) || place.hasSuffix("/properties")
            let isEmpty = isSchema && (member as? Members)?.isEmpty == true
            return isEmpty ? ["\(place)/\(name) is an empty schema"] : emptySchemas(in: member, at: "\(place)/\(name)")
        }
    }
}
