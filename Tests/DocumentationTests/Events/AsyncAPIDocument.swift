import Foundation
import GuichetProtocol

/// docs/asyncapi.yaml, written from the catalogue.
struct AsyncAPIDocument {
    let types: WireTypes

    func text() throws -> String {
        let channels = YAML.map(EventCatalog.all.map { ($0.key, Self.channel($0)) })
        let operations = YAML.map(EventCatalog.all.map { ("publish\($0.key.capitalizedFirst)", operation($0)) })
        let messages = YAML.map(try EventCatalog.all.map { ($0.key, try message($0)) })
        let schemas = YAML.map(
            [
                ("Headers", EventSchemas.headers(types.envelope())),
                ("Envelope", EventSchemas.object(types.envelope())),
            ] + types.all.map { ($0.name, EventSchemas.object($0)) })
        return Self.head + "\n" + Self.section("channels", channels) + "\n" + Self.section("operations", operations)
            + "\n" + Self.components + "\n" + Self.section("messages", messages, indent: 2) + "\n" + Self.scalars
            + Self.section(nil, schemas, indent: 4)
    }

    private static func section(_ name: String?, _ content: YAML, indent: Int = 0) -> String {
        let depth = name == nil ? indent : indent + 2
        let lines = content.lines(width: 120 - depth).map { String(repeating: " ", count: depth) + $0 }
        let title = name.map { [String(repeating: " ", count: indent) + "\($0):"] } ?? []
        return (title + lines).joined(separator: "\n") + "\n"
    }

    private static func channel(_ event: PublishedEvent) -> YAML {
        .map([
            ("address", .text(event.name.routingKey(tenant: "{tenant}", shard: "{shard}"))),
            ("messages", .map([(event.key, .reference("components/messages/\(event.key)"))])),
            (
                "parameters",
                .map([
                    ("tenant", .reference("components/parameters/tenant")),
                    ("shard", .reference("components/parameters/shard")),
                ])
            ),
            ("bindings", .reference("components/channelBindings/events")),
        ])
    }

    private func operation(_ event: PublishedEvent) -> YAML {
        .map([
            ("action", .text("send")), ("channel", .reference("channels/\(event.key)")),
            ("summary", .text(types.text(of: event).sentence)),
            ("bindings", .reference("components/operationBindings/persistent")),
        ])
    }

    private func message(_ event: PublishedEvent) throws -> YAML {
        let (sentence, details) = types.text(of: event)
        let type = event.name.type
        let payload = YAML.map([
            ("source", .map([("const", .text("/guichet/\(event.name.service)"))])),
            ("type", .map([("const", .text(type))])),
            ("data", .reference("components/schemas/\(WireTypes.payload(of: event))")),
        ])
        return .map(
            [("name", .text(type)), ("summary", .text(sentence))]
                + (details.isEmpty ? [] : [("description", .text(details))])
                + [
                    ("traits", .list([.reference("components/messageTraits/event")])),
                    (
                        "payload",
                        .map([
                            (
                                "allOf",
                                .list([
                                    .reference("components/schemas/Envelope"), .map([("properties", payload)]),
                                ])
                            )
                        ])
                    ),
                    (
                        "bindings",
                        .map([
                            ("amqp", .map([("messageType", .text(type)), ("bindingVersion", .text("0.3.0"))]))
                        ])
                    ),
                    ("examples", .list([.map([("payload", .json(try Repository.text(event.fixture)))])])),
                ])
    }
}

extension PublishedEvent {
    /// The name of its channel and message: `appointmentHeld`, `appointmentHeldV2`; `queueReportMade` if another publisher
    /// that stands before has an event `reportMade`.
    var key: String {
        let alike = EventCatalog.all.first {
            ($0.name.aggregate, $0.name.verb, $0.name.version) == (name.aggregate, name.verb, name.version)
        }
        return alike?.name.service == name.service ? shortKey : name.service + shortKey.capitalizedFirst
    }

    private var shortKey: String {
        let words = "\(name.aggregate)-\(name.verb)".split(separator: "-").map(String.init)
        let camel = words[0] + words.dropFirst().map(\.capitalizedFirst).joined()
        return name.version == 1 ? camel : "\(camel)V\(name.version)"
    }

    /// The path of its example.
    var fixture: String { "Tests/GuichetProtocolTests/Fixtures/\(name.type).json" }
}

extension String {
    /// The same with a capital first letter.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
