import GuichetProtocol
import JSONCoding
import Primitives

/// JSON Schemas of types on the wire, in YAML.
enum EventSchemas {
    /// The scalars that have a name in the documents.
    static let scalars: [JSONSchema: String] = [
        EventID.schema: "Id", TenantSlug.schema: "Slug", Instant.schema: "Instant", LocalDay.schema: "Day",
        MinuteOfDay.schema: "MinuteOfDay",
    ]

    /// The schema of an object, open for members that are added later.
    static func object(_ type: WireType) -> YAML {
        let text = (key: "description", value: YAML.text(type.text))
        return .map([(key: "type", value: .text("object")), text] + members(type.properties) { described($0) })
    }

    /// The envelope's attributes as headers of a message.
    static func headers(_ envelope: WireType) -> YAML {
        let properties = envelope.properties.filter { !["datacontenttype", "data"].contains($0.name) }
        let text = "The attributes of the envelope, for routing without parsing the body."
        return .map(
            [(key: "type", value: .text("object")), (key: "description", value: .text(text))]
                + members(properties, prefix: "cloudEvents_") { .map(shape($0.schema, $0.rule)) })
    }

    private static func members(
        _ properties: [WireProperty], prefix: String = "", _ schema: (WireProperty) -> YAML
    ) -> [(key: String, value: YAML)] {
        [
            (key: "properties", value: .map(properties.map { (prefix + $0.name, schema($0)) })),
            (key: "required", value: .list(properties.filter(\.isRequired).map { .text(prefix + $0.name) })),
        ]
    }

    /// What stands beside `$ref` counts for nothing, so that a reference is the one part of an `allOf`.
    private static func described(_ property: WireProperty) -> YAML {
        let text = (key: "description", value: YAML.text(property.sentence))
        let shape = shape(property.schema, property.rule)
        guard let first = shape.first, first.key != "$ref" else {
            return .map([text, ("allOf", .list([.map(shape)]))])
        }
        return .map([first, text] + shape.dropFirst())
    }

    private static func shape(_ schema: JSONSchema, _ rule: WireRule?) -> [(key: String, value: YAML)] {
        switch rule {
        case .constant(let text): return [("type", .text("string")), ("const", .text(text))]
        case .oneOf(let texts): return [("type", .text("string")), ("enum", .list(texts.map { .text($0) }))]
        case .bounds(let minimum, let maximum):
            let least: [(key: String, value: YAML)] = [("type", .text("integer")), ("minimum", .number(minimum))]
            return least + (maximum.map { [("maximum", .number($0))] } ?? [])
        case .length(let minimum, let maximum):
            return shape(schema, nil) + [("minLength", .number(minimum)), ("maxLength", .number(maximum))]
        case .maximumCount(let count): return shape(schema, nil) + [("maxItems", .number(count))]
        case .pattern(let pattern): return [("type", .text("string")), ("pattern", .text(pattern))]
        case .mediaType(let type): return [("type", .text("string")), ("contentMediaType", .text(type))]
        case .id: return shape(EventID.schema, nil)
        case nil: break
        }
        if let name = scalars[schema] { return [("$ref", .text("#/components/schemas/\(name)"))] }
        switch schema {
        case .nullable(let some): return shape(some, nil)
        case .reference(let name): return [("$ref", .text("#/components/schemas/\(WireTypes.documented(name))"))]
        case .array(let element, _): return [("type", .text("array")), ("items", .map(shape(element, nil)))]
        case .string: return [("type", .text("string"))]
        case .integer: return [("type", .text("integer"))]
        case .number: return [("type", .text("number"))]
        case .boolean: return [("type", .text("boolean"))]
        default: return [("type", .text("object"))]
        }
    }
}
