/// A decoder that answers every request with a sample and records it: the records are the schema of the type.
final class SchemaRecorder {
    private let catalog: SchemaCatalog
    private(set) var schema: JSONSchema = .any
    private var properties: [String: JSONSchema] = [:]
    private var required: [String] = []
    private var optional: Set<String> = []
    private var isNullable = false

    init(catalog: SchemaCatalog) { self.catalog = catalog }

    private func note(_ type: JSONSchema, at position: Position) {
        switch position {
        case .itself: schema = isNullable ? .nullable(type) : type
        case .element: schema = .array(of: type)
        case .field(let name):
            properties[name] = optional.contains(name) ? .nullable(type) : type
            if !optional.contains(name), !required.contains(name) { required.append(name) }
            schema = .object(properties: properties, required: required)
        }
    }
}

extension SchemaRecorder: DecodingSource {
    var codingPath: [any CodingKey] { [] }
    var fieldNames: [String] { [] }
    /// One element is enough to record the element type of a list.
    var elementCount: Int? { 1 }

    /// Called before an optional field is decoded.
    func hasField(_ name: String) -> Bool {
        optional.insert(name)
        return true
    }

    func isNull(_ position: Position) -> Bool {
        switch position {
        case .itself: isNullable = true
        case .field(let name): optional.insert(name)
        case .element: break
        }
        return false
    }

    func scalar<T: Scalar>(_ position: Position) throws -> T {
        note(T.schema, at: position)
        return T.placeholder
    }

    func value<T: Decodable>(_ type: T.Type, _ position: Position) throws -> T {
        let (schema, sample) = try catalog.record(type)
        note(schema, at: position)
        return sample
    }

    func nested(_ position: Position) throws -> SchemaRecorder {
        // Fields that a type flattens or nests by hand cannot be derived.
        throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "nested containers are not derived"))
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        schema = .object(properties: properties, required: required)
        return KeyedDecodingContainer(KeyedContainer<SchemaRecorder, Key>(source: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { UnkeyedContainer(source: self) }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { SingleContainer(source: self) }
}
