import GuichetProtocol
import HTTPServer
import JSONCoding
import ServiceTesting
import Testing

@testable import RealtimeService

/// docs/asyncapi-realtime.json: the rooms of Realtime as channels (AsyncAPI 3.0), and what they carry.
struct RoomDocument {
    /// An event that clients receive.
    private struct Message {
        let name: String
        let summary: String
        let schema: String
        let route: Route

        init<Payload: Codable & Sendable>(_ name: String, _: Payload.Type, _ summary: String) {
            (self.name, self.summary, schema) = (name, summary, String(describing: Payload.self))
            route = Route("describeEvent", .get, "/event", "Describes an event.", access: .anyone) {
                (_, _: NoQuery, _: NoBody) -> Reply<Payload> in throw Problem(.notFound, "Jamais servi.")
            }
        }
    }

    private static let messages = [
        Message(
            "position:updated", PatientView.self, "Where the ticket stands has changed, or is what a join answers."),
        Message("patient:called", PatientCall.self, "The ticket is called."),
        Message("turn:called", PatientCall.self, "The same as patient:called, under its other name."),
        Message("turn:near", NearTurn.self, "The turn of the patient is near."),
        Message("queue:updated", StaffView.self, "The line has changed, or is what a join answers."),
        Message("queue:alert", StaffView.self, "The line exceeds a limit of the queue."),
        Message("display:update", DisplayView.self, "What a display shows has changed, or is what a join answers."),
        Message("display:called", DisplayCall.self, "A ticket is called: show and speak it."),
        Message("queue:opened", QueueNotice.self, "The queue opened."),
        Message("queue:closed", QueueNotice.self, "The queue closed."),
        Message("queue:message", QueueNotice.self, "There is a message to all who wait."),
        Message("appointment_created", AppointmentNotice.self, "An appointment was booked."),
        Message("appointment_updated", AppointmentNotice.self, "An appointment moved, is over or was missed."),
        Message("appointment_cancelled", AppointmentNotice.self, "An appointment was cancelled."),
        Message("auth:expired", RefusalView.self, "The token has expired, or its session has ended."),
        Message("refused", RefusalView.self, "An event without acknowledgement was refused."),
        Message("room:closed", EmptyState.self, "A room was left because what it showed has ended."),
        Message("auth:token", FreshToken.self, "Gives an access token."),
        Message("join:patient", PatientJoin.self, "Joins the room of a ticket."),
        Message("join:clinic", ClinicJoin.self, "Joins a room of staff."),
        Message("join:display", DisplayJoin.self, "Joins the room of displays of a queue."),
    ]

    /// What Socket.IO sends and takes beside the events of rooms.
    private static let connection = (
        sent: ["auth:expired", "refused", "room:closed"],
        taken: ["auth:token", "join:clinic", "join:display", "join:patient"]
    )
    private static let notices = ["queue:opened", "queue:closed", "queue:message"]
    private static let rooms: [(key: String, address: String, parameter: String, summary: String, carries: [String])] =
        [
            (
                "patient", "patient:{patientToken}", "The secret token of the ticket.",
                "What the patient of one ticket sees.",
                ["position:updated", "patient:called", "turn:called", "turn:near"] + notices
            ),
            (
                "queue", "clinic:{queue}", "The id of the queue.", "A line as the staff of its clinic see it.",
                ["queue:updated", "queue:alert", "patient:called"] + notices
            ),
            (
                "clinic", "clinic:{tenant}", "The name of the tenant.", "The agenda of a clinic, for its staff.",
                ["appointment_created", "appointment_updated", "appointment_cancelled"]
            ),
            (
                "display", "display:{queue}", "The id of the queue.", "A line as a display shows it.",
                ["display:update", "display:called"] + notices
            ),
        ]

    /// The types of the payloads, with their rules.
    static var schemas: OpenAPIDocument { OpenAPIDocument("realtime", routes: messages.map(\.route)) }

    /// The document.
    static func content(_ texts: APITexts) -> JSONValue {
        let described = OpenAPIDocument("realtime", routes: messages.map(\.route), texts: texts).content
        return [
            "asyncapi": "3.0.0",
            "info": [
                "title": "Guichet, live updates", "version": "1",
                "description":
                    "The rooms that a client can join. docs/realtime.md says how, and what clients rely on.",
                "license": ["name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"],
            ],
            "defaultContentType": "application/json",
            "servers": [
                "events": ["host": "localhost:8443", "pathname": "/api/realtime/events", "protocol": "https"],
                "gateway": ["host": "localhost:8443", "pathname": "/ws", "protocol": "wss"],
                "socketio": ["host": "localhost:8443", "pathname": "/socket.io/", "protocol": "socket.io"],
            ],
            "channels": .object(
                Dictionary(uniqueKeysWithValues: rooms.map { ($0.key, channel($0)) })
                    .merging(["connection": connectionChannel]) { $1 }),
            "operations": .object(
                Dictionary(uniqueKeysWithValues: rooms.map { ("follow\($0.key)", operation($0)) })
                    .merging(connectionOperations) { $1 }),
            "components": [
                "messages": .object(Dictionary(uniqueKeysWithValues: messages.map { (key($0.name), message($0)) })),
                "schemas": used(described.members["components"]?.members["schemas"] ?? .object([:])),
            ],
        ]
    }

    private static func channel(
        _ room: (key: String, address: String, parameter: String, summary: String, carries: [String])
    )
        -> JSONValue
    {
        let parameter = room.address.split(separator: "{").last?.dropLast().description ?? ""
        return [
            "address": .string(room.address), "summary": .string(room.summary),
            "parameters": .object([parameter: ["description": .string(room.parameter)]]),
            "messages": references(to: room.carries),
        ]
    }

    private static var connectionChannel: JSONValue {
        [
            "address": "/", "summary": "One connection of Socket.IO, in its namespace `/`.",
            "servers": [["$ref": "#/servers/socketio"]],
            "messages": references(to: connection.sent + connection.taken),
        ]
    }

    private static var connectionOperations: [String: JSONValue] {
        func operation(_ action: JSONValue, _ summary: JSONValue, _ names: [String]) -> JSONValue {
            let messages = names.map { ["$ref": .string("#/channels/connection/messages/\(key($0))")] as JSONValue }
            return [
                "action": action, "summary": summary, "channel": ["$ref": "#/channels/connection"],
                "messages": .array(messages),
            ]
        }
        return [
            "sendToConnection": operation("send", "What concerns one connection.", connection.sent),
            "takeFromConnection": operation("receive", "What a client sends.", connection.taken),
        ]
    }

    private static func references(to messages: [String]) -> JSONValue {
        .object(
            Dictionary(
                uniqueKeysWithValues: messages.map {
                    (key($0), JSONValue.object(["$ref": .string("#/components/messages/\(key($0))")]))
                }))
    }

    private static func operation(
        _ room: (key: String, address: String, parameter: String, summary: String, carries: [String])
    )
        -> JSONValue
    {
        ["action": "send", "channel": ["$ref": .string("#/channels/\(room.key)")], "summary": .string(room.summary)]
    }

    private static func message(_ message: Message) -> JSONValue {
        [
            "name": .string(message.name), "summary": .string(message.summary),
            "payload": ["$ref": .string("#/components/schemas/\(message.schema)")],
        ]
    }

    /// `position:updated` as the name of a component.
    private static func key(_ event: String) -> String { event.replacing(":", with: "-") }

    /// The schemas of payloads, without those of HTTP problems.
    private static func used(_ schemas: JSONValue) -> JSONValue {
        .object(schemas.members.filter { !$0.key.hasSuffix("Problem") && $0.key != "Fault" })
    }
}

@Suite("The document of the rooms")
struct RoomDocumentTests {
    @Test("is current, and has a sentence for each payload")
    func current() async throws {
        let sentences = try await APIDocuments.sentences(of: RealtimeService.self, RoomDocument.schemas)
        try await APIDocuments.compare(
            "docs/asyncapi-realtime.json", with: RoomDocument.content(APITexts(sentences: sentences, examples: [:])))
        for name in RoomDocument.schemas.catalog.types.keys { #expect(sentences[name] != nil, "\(name)") }
    }
}
