import JSONCoding

/// The description of an API (OpenAPI 3.1), derived from its routes alone.
package struct OpenAPIDocument: Encodable, Sendable {
    /// What the document says of the API as a whole.
    package struct Information: Encodable, Sendable {
        /// The name of the service.
        package let title: String
        /// The version of the API.
        package let version: String

        /// The `info` object.
        package init(title: String, version: String) {
            self.title = title
            self.version = version
        }
    }

    struct Components: Encodable {
        let schemas: [String: JSONSchema]
        let securitySchemes = ["bearer": SecurityScheme()]
    }

    struct SecurityScheme: Encodable {
        let type = "http"
        let scheme = "bearer"
        let bearerFormat = "JWT"
    }

    let openapi = "3.1.0"
    let info: Information
    let paths: [String: [String: Operation]]
    let components: Components

    /// Describes `routes`.
    package init(_ information: Information, routes: [Route]) {
        let catalog = SchemaCatalog()
        var paths: [String: [String: Operation]] = [:]
        for route in routes {
            paths[route.template.description, default: [:]][route.method.rawValue.lowercased()] =
                Operation(route, catalog)
        }
        var schemas = catalog.components
        schemas["Problem"] = .problem
        info = information
        self.paths = paths
        components = Components(schemas: schemas)
    }

    /// The document in UTF-8.
    package func encoded() throws -> [UInt8] { try JSONOutput.encode(self) }
}

extension JSONSchema {
    /// RFC 9457, with the members that this suite adds; a type of problem may have more.
    static let problem = JSONSchema.object(
        properties: [
            "type": .string(format: "uri"),
            "title": .string(),
            "status": .integer(minimum: 400, maximum: 599),
            "detail": .string(),
            "errors": .array(
                of: .object(properties: ["pointer": .string(), "detail": .string()], required: ["pointer", "detail"])),
        ], required: ["type", "title", "status", "detail"], isOpen: true)
}
