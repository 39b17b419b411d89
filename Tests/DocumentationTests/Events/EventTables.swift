import GuichetProtocol
import JSONCoding

/// The tables of docs/events.md, written from the catalogue.
struct EventTables {
    let types: WireTypes
    /// The services that subscribe to an event, by its type.
    let consumers: [String: [String]]

    /// Every event with its sentence and its consumers.
    func list() -> [String] {
        ["| Event | When | Consumed by |", "|---|---|---|"]
            + EventCatalog.all.map { event in
                let readers = consumers[event.name.type].map { $0.joined(separator: ", ") } ?? "subscribers"
                let example = "`\(event.name.type)` ([example](../\(event.fixture)))"
                return "| \(example) | \(types.text(of: event).sentence) | \(readers) |"
            }
    }

    /// The events that no service consumes, and who they are for.
    func audiences() -> [String] {
        ["| Event | For |", "|---|---|"]
            + EventCatalog.all.compactMap { event in
                event.audience.map { "| `\(event.name.type)` | \($0) |" }
            }
    }

    /// The attributes of the envelope.
    func envelope() -> [String] { members(of: types.envelope(), first: "Attribute") }

    /// Every payload and what it is made of.
    func payloads() -> [String] {
        types.all.flatMap { type in
            let events = EventCatalog.all.filter { WireTypes.payload(of: $0) == type.name }
            let carried = events.map { "`\($0.name.type)`" }.joined(separator: ", ")
            let text = events.isEmpty ? type.text : "Payload of \(carried). \(type.text)"
            let title: [String] = ["### `\(type.name)`", ""]
            return title + text.folded(width: 120) + [""] + members(of: type) + [""]
        }.dropLast()
    }

    private func members(of type: WireType, first: String = "Member") -> [String] {
        ["| \(first) | Type | Meaning |", "|---|---|---|"]
            + type.properties.map { property in
                let option = property.isRequired ? "" : ", optional"
                let meaning = property.sentence + (property.rule.map(Self.remark) ?? "")
                let kind = Self.kind(property.rule == .id ? EventID.schema : property.schema)
                return "| `\(property.name)` | \(kind)\(option) | \(meaning) |"
            }
    }

    private static func kind(_ schema: JSONSchema) -> String {
        let scalars = ["Id": "UUID", "Slug": "slug", "Instant": "instant", "Day": "day", "MinuteOfDay": "time of day"]
        if let name = EventSchemas.scalars[schema] { return scalars[name] ?? name }
        switch schema {
        case .nullable(let some): return kind(some)
        case .reference(let name):
            let documented = WireTypes.documented(name)
            return "[\(documented)](#\(documented.lowercased()))"
        case .array(let element, _): return "list of \(kind(element))"
        case .integer: return "integer"
        case .number: return "number"
        case .boolean: return "boolean"
        case .string: return "string"
        default: return "object"
        }
    }

    private static func remark(_ rule: WireRule) -> String {
        switch rule {
        case .constant(let text): " Always `\(text)`."
        case .oneOf(let texts): " One of \(texts.map { "`\($0)`" }.joined(separator: ", "))."
        case .bounds(let minimum, let maximum?): " From \(minimum) to \(maximum)."
        case .bounds(let minimum, nil): " At least \(minimum)."
        case .length, .maximumCount, .pattern, .mediaType, .id: ""
        }
    }
}
