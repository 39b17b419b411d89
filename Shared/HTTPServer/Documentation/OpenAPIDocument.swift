package import JSONCoding

/// The description of an API (OpenAPI 3.1), derived from its routes and the texts about them.
package struct OpenAPIDocument {
    /// The document as JSON.
    package let content: JSONValue
    /// The types that routes take and answer, with those of queries and of the members of problems.
    package let catalog: SchemaCatalog
    /// The problems that have a schema, by its name.
    package let problems: [String: ProblemType]

    /// Describes `routes`, except those of foreign protocols, which have documents of their own.
    ///
    /// - Parameter name: the name of the service.
    package init(_ name: String, routes: [Route], texts: APITexts = .none) {
        let routes = routes.filter { $0.foreign == nil }
        let schemas = ComponentSchemas(routes, texts)
        var paths: [String: [String: JSONValue]] = [:]
        for route in routes {
            paths[route.template.description, default: [:]][route.method.rawValue.lowercased()] =
                Operation(route: route, schemas: schemas).document
        }
        content = [
            "openapi": "3.1.0", "info": Self.information(name, texts), "servers": [Self.server],
            "tags": Self.tags(of: routes), "paths": .object(paths.mapValues { .object($0) }),
            "components": [
                "schemas": .object(schemas.documents), "headers": ResponseHeader.documents,
                "responses": .object(
                    Dictionary(routes.flatMap(Refusal.all).map { ($0.name, $0.document(schemas)) }) { $1 }),
                "securitySchemes": SecurityScheme.documents,
            ],
        ]
        (catalog, problems) = (schemas.catalog, schemas.problems)
    }

    /// The document in UTF-8.
    package func encoded() throws -> [UInt8] { try JSONOutput.encode(content) }
}

// The parts that do not depend on the routes.
extension OpenAPIDocument {
    private static func information(_ name: String, _ texts: APITexts) -> JSONValue {
        var information: [String: JSONValue] = [
            "title": "Guichet, \(name)", "version": "1",
            "contact": ["name": "Guichet", "url": "https://guichet.dev"],
            "license": ["name": "Apache License 2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"],
        ]
        information["description"] = texts.sentences[""].map { .string($0) }
        return .object(information)
    }

    /// A relative address is one below that of the document.
    private static let server: JSONValue = [
        "url": "/", "description": "The gateway from which this document was read.",
    ]

    /// The tags in the order of the routes.
    private static func tags(of routes: [Route]) -> JSONValue {
        var tags: [RouteTag] = []
        for tag in routes.compactMap(\.tag) where !tags.contains(tag) { tags.append(tag) }
        return .array(tags.map { ["name": .string($0.name), "description": .string($0.summary)] })
    }
}
