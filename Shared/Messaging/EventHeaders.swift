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

    init<Payload>(of event: CloudEvent<Payload>) {
        message = Dictionary(
            uniqueKeysWithValues: Self.attributes(of: event).map { (Self.prefix + $0.name, $0.value) })
        (id, type, time) = (event.id.description, event.type, event.time)
    }

    /// Returns nil if `stored` is not what ``text(of:)`` wrote.
    init?(stored: String) {
        var message: [String: String] = [:]
        message.reserveCapacity(16)
        var (id, type, time): (String?, String?, Instant?) = (nil, nil, nil)
        for line in stored.utf8.split(separator: UInt8(ascii: "\n")) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), line.index(after: colon) < line.endIndex else {
                return nil
            }
            let name = String(decoding: line[..<colon], as: UTF8.self)
            let value = String(decoding: line[colon...].dropFirst(2), as: UTF8.self)
            message[Self.prefix + name] = value
            switch name {
            case "id": id = value
            case "type": type = value
            case "time": time = Instant(rfc3339: value)
            default: break
            }
        }
        guard let id, let type else { return nil }
        (self.message, self.id, self.type, self.time) = (message, id, type, time)
    }

    /// What the outbox stores; nil for an event with a line break in an attribute, whose body is decoded instead.
    static func text<Payload>(of event: CloudEvent<Payload>) -> String? {
        var text = ""
        text.reserveCapacity(640)
        for (name, value) in attributes(of: event) {
            guard !value.utf8.contains(UInt8(ascii: "\n")) else { return nil }
            text += name
            text += ": "
            text += value
            text += "\n"
        }
        return text
    }

    /// Every attribute but `datacontenttype`; those that the event does not have are left out.
    private static func attributes<Payload>(of event: CloudEvent<Payload>) -> [(name: String, value: String)] {
        var attributes: [(name: String, value: String)] = [
            ("specversion", event.specversion), ("id", event.id.description), ("source", event.source),
            ("type", event.type), ("subject", event.subject), ("time", event.time.description),
            ("tenantid", event.tenantid.description), ("sequence", event.sequence),
            ("partitionkey", event.partitionkey), ("correlationid", event.correlationid),
        ]
        if let id = event.causationid { attributes.append(("causationid", id)) }
        if let parent = event.traceparent { attributes.append(("traceparent", parent)) }
        if let generation = event.generation { attributes.append(("generation", String(generation))) }
        if let start = event.generationstart { attributes.append(("generationstart", String(start))) }
        return attributes
    }
}
