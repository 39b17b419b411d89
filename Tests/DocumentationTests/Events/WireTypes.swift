import GuichetProtocol
import JSONCoding
import Primitives

/// A property on the wire.
struct WireProperty {
    let name: String
    let schema: JSONSchema
    let isRequired: Bool
    let rule: WireRule?
    let sentence: String
}

/// A type on the wire: a payload, or what payloads are made of.
struct WireType {
    /// The name in the documents.
    let name: String
    let text: String
    let properties: [WireProperty]
}

/// The payloads of the catalogue, their types and the envelope, as the code declares them.
final class WireTypes {
    /// In the order in which a reader meets them: each payload before what it is made of.
    private(set) var all: [WireType] = []
    /// What is wrong with the declarations: properties without a sentence, rules without a property.
    private(set) var faults: [String] = []
    private var known: Set<String> = []
    private let comments: DocComments
    private let catalog = SchemaCatalog()

    init() throws {
        comments = try DocComments()
        for event in EventCatalog.all { add(Self.swiftName(of: event), catalog.schema(of: event.payload)) }
    }

    /// The envelope of every event.
    func envelope() -> WireType {
        _ = catalog.schema(of: EventAttributes.self)
        return describe("CloudEventOfUnread", as: "CloudEvent", called: "Envelope")
    }

    /// The schema of a payload, before it is described.
    func shape(of type: any Decodable.Type) -> JSONSchema? {
        guard case .reference(let name) = catalog.schema(of: type) else { return nil }
        return catalog.components[name]
    }

    /// The name in the documents of the payload of an event.
    static func payload(of event: PublishedEvent) -> String { documented(swiftName(of: event)) }

    /// The text of an event: its first sentence says when it is published.
    func text(of event: PublishedEvent) -> (sentence: String, details: String) {
        let text = comments["\(event.type)"] ?? ""
        let end = text.firstRange(of: ". ")?.lowerBound ?? text.index(before: text.endIndex)
        return (String(text[...end]), String(text[end...].dropFirst(2)))
    }

    /// The name in the documents of a type of the code.
    static func documented(_ swiftName: String) -> String {
        if EventCatalog.all.contains(where: { "\($0.type)" == swiftName }) { return "\(swiftName)Data" }
        return swiftName.hasSuffix("Snapshot") ? String(swiftName.dropLast("Snapshot".count)) : swiftName
    }

    private static func swiftName(of event: PublishedEvent) -> String { "\(event.payload)" }

    private func add(_ swiftName: String, _ schema: JSONSchema) {
        guard known.insert(swiftName).inserted else { return }
        let type = describe(swiftName, as: swiftName, called: Self.documented(swiftName))
        all.append(type)
        for property in type.properties { addParts(of: property.schema) }
    }

    private func addParts(of schema: JSONSchema) {
        switch schema {
        case .reference(let name): add(name, schema)
        case .array(let element, _): addParts(of: element)
        case .nullable(let some): addParts(of: some)
        default: break
        }
    }

    private func describe(_ component: String, as swiftName: String, called name: String) -> WireType {
        guard case .object(let schemas, let required, _)? = catalog.components[component] else {
            faults.append("\(swiftName) is not an object")
            return WireType(name: name, text: "", properties: [])
        }
        let rules = (catalog.types[component] as? any WireRules.Type)?.rules ?? [:]
        let order = comments.properties(of: swiftName)
        faults += rules.keys.filter { schemas[$0] == nil }.map {
            "\(swiftName) has a rule for \($0), which is no property"
        }
        faults += schemas.keys.filter { comments["\(swiftName).\($0)"] == nil }.map {
            "\(swiftName).\($0) has no sentence"
        }
        if comments[swiftName] == nil { faults.append("\(swiftName) has no sentence") }
        let properties = order.filter { schemas[$0] != nil }.map { property in
            WireProperty(
                name: property, schema: schemas[property] ?? .any, isRequired: required.contains(property),
                rule: rules[property], sentence: comments["\(swiftName).\(property)"] ?? "")
        }
        return WireType(name: name, text: comments[swiftName] ?? "", properties: properties)
    }
}

extension PublishedEvent {
    /// What the event carries: the data of its family, or its own.
    var payload: any Decodable.Type { type.family ?? type }
}
