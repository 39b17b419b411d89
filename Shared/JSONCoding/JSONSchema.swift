/// A JSON Schema (draft 2020-12), restricted to what Swift's types need.
package indirect enum JSONSchema: Sendable, Hashable {
    /// Text; lengths in characters, `format` from the JSON Schema vocabulary, `pattern` an ECMA-262 expression.
    case string(format: String? = nil, pattern: String? = nil, minLength: Int? = nil, maxLength: Int? = nil)
    /// A whole number within inclusive bounds.
    case integer(minimum: Int? = nil, maximum: Int? = nil)
    /// Any number.
    case number
    /// `true` or `false`.
    case boolean
    /// One of these texts.
    case enumeration([String])
    /// A list; `maxItems` bounds its length.
    case array(of: JSONSchema, maxItems: Int? = nil)
    /// An object whose field names are free.
    case map(of: JSONSchema)
    /// An object with these fields, and no others unless it is open.
    case object(properties: [String: JSONSchema], required: [String], isOpen: Bool = false)
    /// A named schema of the same document, `#/components/schemas/<name>`.
    case reference(String)
    /// `null`, or a value of the other schema.
    case nullable(JSONSchema)
    /// Nothing but `null`.
    case null
    /// Any JSON value.
    case any
}

/// A value type that is one JSON scalar with rules of its own, which it describes.
package protocol SchemaDescribed {
    /// The rules, as strict as the type's own decoding.
    static var schema: JSONSchema { get }
    /// The same rules by references to schemas of the catalogue; default ``schema``. An object is added to the catalogue.
    static func schema(in catalog: SchemaCatalog) -> JSONSchema
    /// A valid value, used to derive schemas and to continue after a fault.
    static var sample: Self { get }
}

extension SchemaDescribed {
    package static func schema(in catalog: SchemaCatalog) -> JSONSchema { schema }
}

extension JSONSchema: Encodable {
    /// The members of the schema as a document.
    package var document: [String: JSONValue] {
        switch self {
        case .string(let format, let pattern, let minLength, let maxLength):
            var members: [String: JSONValue] = ["type": "string"]
            members["format"] = format.map { .string($0) }
            members["pattern"] = pattern.map { .string($0) }
            members["minLength"] = minLength.map { .integer($0) }
            members["maxLength"] = maxLength.map { .integer($0) }
            return members
        case .integer(let minimum, let maximum):
            var members: [String: JSONValue] = ["type": "integer"]
            members["minimum"] = minimum.map { .integer($0) }
            members["maximum"] = maximum.map { .integer($0) }
            return members
        case .number: return ["type": "number"]
        case .boolean: return ["type": "boolean"]
        case .enumeration(let values): return ["type": "string", "enum": .array(values.map { .string($0) })]
        case .array(let element, let maxItems):
            var members: [String: JSONValue] = ["type": "array", "items": .object(element.document)]
            members["maxItems"] = maxItems.map { .integer($0) }
            return members
        case .map(let value): return ["type": "object", "additionalProperties": .object(value.document)]
        case .object(let properties, let required, let isOpen):
            var members: [String: JSONValue] = [
                "type": "object", "properties": .object(properties.mapValues { .object($0.document) }),
            ]
            members["required"] = required.isEmpty ? nil : .array(required.map { .string($0) })
            members["additionalProperties"] = isOpen ? nil : false
            return members
        case .reference(let name): return ["$ref": "#/components/schemas/\(name)"]
        case .nullable(let schema): return ["anyOf": [.object(schema.document), ["type": "null"]]]
        case .null: return ["type": "null"]
        case .any: return [:]
        }
    }

    package func encode(to encoder: any Encoder) throws { try document.encode(to: encoder) }
}
