import FoundationEssentials
import GuichetProtocol
import Primitives

/// The attributes of an event as headers of its message, for readers that route without parsing the body, and as the
/// outbox stores them beside the body: one `name: value` a line.
struct EventHeaders {
    private static let prefix = "cloudEvents_"

    /// The headers of the message, by their full names.
    let message: [String: String]
    let id: String
    let type: String
    let time: Instant?

    init<Payload>(of event: CloudEvent<Payload>) { self.init(Self.attributes(of: event)) }

    /// Returns nil if `stored` is not what ``text(of:)`` wrote.
    init?(stored: String) {
        var attributes: [String: String] = [:]
        for line in stored.utf8.split(separator: UInt8(ascii: "\n")) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), line.index(after: colon) < line.endIndex else {
                return nil
            }
            let value = line[colon...].dropFirst(2)
            attributes[String(decoding: line[..<colon], as: UTF8.self)] = String(decoding: value, as: UTF8.self)
        }
        guard attributes["id"] != nil, attributes["type"] != nil else { return nil }
        self.init(attributes)
    }

    private init(_ attributes: [String: String]) {
        (id, type) = (attributes["id"] ?? "", attributes["type"] ?? "")
        time = attributes["time"].flatMap { Instant(rfc3339: $0) }
        message = Dictionary(uniqueKeysWithValues: attributes.map { (Self.prefix + $0.key, $0.value) })
    }

    /// What the outbox stores; nil for an event with a line break in an attribute, whose body is decoded instead.
    static func text<Payload>(of event: CloudEvent<Payload>) -> String? {
        var text = ""
        for (name, value) in attributes(of: event) {
            guard !value.utf8.contains(UInt8(ascii: "\n")) else { return nil }
            text += "\(name): \(value)\n"
        }
        return text
    }

    /// Every attribute but `datacontenttype`; those that the event does not have are left out.
    private static func attributes<Payload>(of event: CloudEvent<Payload>) -> [String: String] {
        var attributes = [
            "specversion": event.specversion, "id": event.id.description, "source": event.source, "type": event.type,
            "subject": event.subject, "time": event.time.description, "tenantid": event.tenantid.description,
            "sequence": event.sequence, "partitionkey": event.partitionkey, "correlationid": event.correlationid,
        ]
        attributes["causationid"] = event.causationid
        attributes["traceparent"] = event.traceparent
        attributes["generation"] = event.generation.map(String.init)
        attributes["generationstart"] = event.generationstart.map(String.init)
        return attributes
    }
}
