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
    /// A valid value, used to derive schemas and to continue after a fault.
    static var sample: Self { get }
}

extension JSONSchema: Encodable {
    private enum Field: String, CodingKey {
        case type, format, pattern, minLength, maxLength, minimum, maximum, items, maxItems, properties, required
        case additionalProperties, anyOf
        case values = "enum"
        case reference = "$ref"
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Field.self)
        switch self {
        case .string(let format, let pattern, let minLength, let maxLength):
            try fields.encode("string", forKey: .type)
            try fields.encodeIfPresent(format, forKey: .format)
            try fields.encodeIfPresent(pattern, forKey: .pattern)
            try fields.encodeIfPresent(minLength, forKey: .minLength)
            try fields.encodeIfPresent(maxLength, forKey: .maxLength)
        case .integer(let minimum, let maximum):
            try fields.encode("integer", forKey: .type)
            try fields.encodeIfPresent(minimum, forKey: .minimum)
            try fields.encodeIfPresent(maximum, forKey: .maximum)
        case .number: try fields.encode("number", forKey: .type)
        case .boolean: try fields.encode("boolean", forKey: .type)
        case .enumeration(let values):
            try fields.encode("string", forKey: .type)
            try fields.encode(values, forKey: .values)
        case .array(let element, let maxItems):
            try fields.encode("array", forKey: .type)
            try fields.encode(element, forKey: .items)
            try fields.encodeIfPresent(maxItems, forKey: .maxItems)
        case .map(let value):
            try fields.encode("object", forKey: .type)
            try fields.encode(value, forKey: .additionalProperties)
        case .object(let properties, let required, let isOpen):
            try fields.encode("object", forKey: .type)
            try fields.encode(properties, forKey: .properties)
            if !required.isEmpty { try fields.encode(required, forKey: .required) }
            if !isOpen { try fields.encode(false, forKey: .additionalProperties) }
        case .reference(let name): try fields.encode("#/components/schemas/\(name)", forKey: .reference)
        case .nullable(let schema): try fields.encode([schema, .null], forKey: .anyOf)
        case .null: try fields.encode("null", forKey: .type)
        case .any: break
        }
    }
}
