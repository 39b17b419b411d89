import Authentication
import EventLoop
import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import Runtime

enum Thing {}

struct ThingView: Codable, Sendable {
    let id: Identifier<Thing>
    let name: String
}

struct CreateThing: Codable, Sendable {
    let name: String
    let at: Instant
    let count: UInt8?
}

struct ThingQuery: Codable, Sendable {
    let limit: PageLimit?
    let cursor: String?
}

struct SlotTaken: Error {}

extension ProblemType {
    static let slotTaken = ProblemType("slot-taken", 409, "Créneau déjà pris")
}

/// A server with routes of every kind on a port of its own, and a gate that holds back answers.
@EventLoop
final class TestServer {
    let server: HTTPServer
    let metrics: MetricsRegistry
    private let gate: Gate

    init(limits: HTTPLimits = .standard) throws {
        let gate = Gate()
        let metrics = MetricsRegistry()
        self.gate = gate
        self.metrics = metrics
        server = try HTTPServer(
            on: .init(host: "127.0.0.1", port: 0), routes: TestServer.routes(gate), limits: limits, metrics: metrics,
            authenticate: TestServer.principal, problem: TestServer.problem)
    }

    nonisolated static let thing = Identifier<Thing>("0193a5c0-0000-7000-8000-000000000001") ?? .new()

    /// Lets the handlers of `/held` go on.
    func openGate() { gate.open() }

    private static func principal(_ token: String) throws -> Principal {
        guard let role = Role(rawValue: token) else { throw TokenError.malformed }
        return Principal(
            userID: .new(), tenant: .platform, role: role, sessionID: .new(), expiresAt: .now + .seconds(60))
    }

    nonisolated private static func problem(_ error: any Error) -> Problem? {
        guard error is SlotTaken else { return nil }
        return Problem(.slotTaken, "Ce créneau vient d’être pris.", extensions: ["alternatives": ["09:30", "10:00"]])
    }

    private static func routes(_ gate: Gate) -> [Route] {
        [
            Route(.get, "/hello", "Says hello.", access: .anyone) { (_, _: NoQuery, _: NoBody) in
                Reply(["hello": "world"])
            },
            Route(.get, "/api/things", "Lists things.", access: .allow(.staff, .manager)) {
                (_, query: ThingQuery, _: NoBody) in
                let limit = (query.limit ?? .standard).value
                return Reply(Page(items: [ThingView(id: thing, name: "\(limit)")], next: query.cursor))
            },
            Route(
                .get, "/api/things/{id}", "One thing.", access: .authenticated,
                parameters: ["id": Identifier<Thing>.self], problems: [.preconditionFailed]
            ) { (call, _: NoQuery, _: NoBody) in
                Reply(ThingView(id: try call.path("id"), name: "chaise"), entityTag: EntityTag(version: 3))
            },
            Route(
                .patch, "/api/things/{id}", "Renames a thing.", access: .allow(.staff),
                parameters: ["id": Identifier<Thing>.self], problems: [.preconditionFailed, .preconditionRequired]
            ) { (call, _: NoQuery, body: CreateThing) in
                try call.requireMatch(EntityTag(version: 3))
                return Reply(ThingView(id: try call.path("id"), name: body.name), entityTag: EntityTag(version: 4))
            },
            Route(
                .post, "/api/things", "Makes a thing.", access: .allow(.staff), idempotency: .required, bodyLimit: 1000,
                success: .created, problems: [.slotTaken]
            ) { (call, _: NoQuery, body: CreateThing) in
                if body.name == "pris" { throw SlotTaken() }
                if body.name == "panne" { throw TokenError.expired }
                return Reply(ThingView(id: thing, name: body.name), location: "/api/things/\(thing)")
                    .with("x-fingerprint", "\(call.idempotency?.fingerprint ?? [])")
            },
            Route(.delete, "/api/things/{id}", "Removes a thing.", access: .allow(.manager)) {
                (_, _: NoQuery, _: NoBody) in Reply.empty
            },
            Route(.get, "/feed.ics", "A calendar.", access: .anyone, produces: "text/calendar") {
                (_, _: NoQuery, _: NoBody) in Reply(RawContent("BEGIN:VCALENDAR"))
            },
            Route(.get, "/held/{name}", "Answers when told to.", access: .anyone) { (call, _: NoQuery, _: NoBody) in
                await gate.pass()
                return Reply(["name": try call.path("name", as: String.self), "client": call.clientAddress])
            },
            Route(.post, "/echo", "Gives back the body.", access: .anyone, produces: "application/json") {
                (call, _: NoQuery, body: [String: Int]) in
                await Task.yield()
                return Reply(RawContent(call.body))
            },
        ]
    }
}

/// Holds those who pass until it is opened.
@EventLoop
final class Gate {
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var arrivals: [CheckedContinuation<Void, Never>] = []

    nonisolated init() {}

    func pass() async {
        await withCheckedContinuation { waiting.append($0) }
    }

    func open() {
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}
