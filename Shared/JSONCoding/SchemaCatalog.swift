/// Derives the schemas of Codable types and collects the named ones, the `components.schemas` of an OpenAPI document.
///
/// It decodes each type from a recorder, so the documented fields are the decoded fields.
package final class SchemaCatalog {
    /// Schemas of objects and enumerations by the names of their types.
    package private(set) var components: [String: JSONSchema] = [:]
    /// The types of ``components``, by the same names.
    package private(set) var types: [String: Any.Type] = [:]

    package init() {}

    /// The schema of `type`: a reference for an object or enumeration, otherwise the schema itself. A type whose schema
    /// cannot be derived is a programming error and stops the process.
    package func schema<T: Decodable>(of type: T.Type) -> JSONSchema {
        do {
            return try record(type).schema
        } catch {
            preconditionFailure("\(String(reflecting: type)) has no schema: conform it to SchemaDescribed (\(error))")
        }
    }

    /// The fields of an object type by name, whether each is required, and their schemas; empty for other types.
    package func fields<T: Decodable>(of type: T.Type) -> [(name: String, isRequired: Bool, schema: JSONSchema)] {
        guard case .reference(let name) = schema(of: type),
            case .object(let properties, let required, _) = components[name]
        else { return [] }
        return properties.sorted { $0.key < $1.key }.map { name, schema in
            guard case .nullable(let plain) = schema else { return (name, required.contains(name), schema) }
            return (name, false, plain)
        }
    }

    /// The schema of a type, and a valid value of it.
    func record<T: Decodable>(_ type: T.Type) throws -> (schema: JSONSchema, sample: T) {
        if let known = (type as? any SelfExplaining.Type)?.explanation(in: self), let sample = known.sample as? T {
            return (known.schema, sample)
        }
        if let described = type as? any SchemaDescribed.Type, let sample = described.sample as? T {
            let schema = described.schema(in: self)
            guard case .object = schema else { return (schema, sample) }
            return (name(schema, after: type), sample)
        }
        if let cases = Enumeration.cases(of: type), let sample = Enumeration.firstCase(of: type) {
            return (name(.enumeration(cases), after: type), sample)
        }
        let recorder = SchemaRecorder(catalog: self)
        let sample = try T(from: recorder)
        guard case .object = recorder.schema else { return (recorder.schema, sample) }
        return (name(recorder.schema, after: type), sample)
    }

    /// The name of a type in documents: those of the types around it and its own, `PageOfAppointmentView` for
    /// `Page<AppointmentView>`.
    package static func name(of type: Any.Type) -> String {
        // The full name, `HTTPServer.Page<BookingService.SlotView>`; a private context is in parentheses.
        var text = String(reflecting: type)
        while let start = text.firstIndex(of: "("), let end = text[start...].firstIndex(of: ")") {
            text.removeSubrange(start...end)
        }
        let types = text.split { "<>, ".contains($0) }.map { path in
            path.split(separator: ".").dropFirst().joined()
        }
        guard let first = types.first, types.count > 1 else { return types.first ?? text }
        return first + "Of" + types.dropFirst().joined(separator: "And")
    }

    private func name<T>(_ schema: JSONSchema, after type: T.Type) -> JSONSchema {
        let name = Self.name(of: type)
        let other = types.updateValue(type, forKey: name)
        precondition(other == nil || other == type, "two types of an API are called \(name)")
        components[name] = schema
        return .reference(name)
    }
}

/// Standard types that know their schema.
protocol SelfExplaining {
    static func explanation(in catalog: SchemaCatalog) -> (schema: JSONSchema, sample: Any)?
}

extension Dictionary: SelfExplaining where Key == String, Value: Decodable {
    static func explanation(in catalog: SchemaCatalog) -> (schema: JSONSchema, sample: Any)? {
        // A map whose values have no schema is left undescribed.
        (try? catalog.record(Value.self)).map { (.map(of: $0.schema), Self()) }
    }
}

/// The cases of a `String` enumeration that is `CaseIterable`.
enum Enumeration {
    static func cases<T>(of type: T.Type) -> [String]? {
        guard let enumeration = type as? any CaseIterable.Type else { return nil }
        return texts(of: enumeration)
    }

    static func firstCase<T>(of type: T.Type) -> T? {
        guard let enumeration = type as? any CaseIterable.Type else { return nil }
        return first(of: enumeration) as? T
    }

    private static func first<E: CaseIterable>(of type: E.Type) -> E? { type.allCases.first }

    private static func texts<E: CaseIterable>(of type: E.Type) -> [String]? {
        let texts = type.allCases.compactMap { ($0 as? any RawRepresentable<String>)?.rawValue }
        return texts.isEmpty ? nil : texts
    }
}

/// Valid values that replace values which could not be decoded.
enum Placeholder {
    static func value<T: Decodable>(_ type: T.Type) throws -> T {
        // The reason does not matter: the fault itself is reported already.
        guard let value = try? SchemaCatalog().record(type).sample else { throw Unreplaceable() }
        return value
    }
}
