import Authentication
import EventLoop
import GuichetProtocol
import HTTPServer
import HTTPTesting
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
    static let slotTaken = ProblemType("slot-taken", 409, "Créneau déjà pris", with: FreeTimes.self)
}

struct FreeTimes: ProblemMembers {
    let alternatives: [String]
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
        let routes = TestServer.routes(gate)
        let standard = try StandardRoutes.routes(
            describedBy: OpenAPIDocument("things", routes: routes), metrics: metrics, readiness: Readiness())
        server = try HTTPServer(
            on: .init(host: "127.0.0.1", port: 0), routes: routes + standard, limits: limits, metrics: metrics,
            authenticate: TestServer.principal, problem: TestServer.problem,
            fingerprint: { digest, tenant in Array("\(tenant?.description ?? "") ".utf8) + digest },
            cursors: CursorCodec(key: Array("a key".utf8)), gateway: GatewaySecret(Secret("gateway-secret")),
            permitsOrigin: { origin, tenant in
                // Callers are of the platform's tenant.
                origin == "https://clinic.example" || tenant == nil && origin == "https://other.example"
            })
    }

    /// Runs `body` with a server of its own and a connection to it.
    nonisolated static func run(
        limits: HTTPLimits = .standard, _ body: (RawClient, TestServer) async throws -> Void
    ) async throws {
        let test = try await TestServer(limits: limits)
        try await body(RawClient(port: test.port), test)
        await test.server.drain(within: .milliseconds(100))
    }

    /// The token of a person with this role, or of a service account with this scope.
    nonisolated static func token(_ role: String, key: String? = nil) -> [String: String] {
        var headers = ["Authorization": "Bearer \(role)"]
        headers["Idempotency-Key"] = key
        return headers
    }

    var port: UInt16 { server.port }

    /// Returns once so many handlers of `/held` wait.
    func waitForHeld(_ count: Int) async { await gate.waitForArrival(count) }

    /// The most handlers of `/held` that ever waited at once.
    var mostHeldAtOnce: Int { gate.mostAtOnce }

    nonisolated static let thing = Identifier<Thing>("0193a5c0-0000-7000-8000-000000000001") ?? .new()

    /// Lets the handlers of `/held` go on.
    func openGate() { gate.open() }

    private static func principal(_ token: String) throws -> Principal {
        let rights = Role(rawValue: token).map(Rights.role) ?? Scope(rawValue: token).map { .scopes([$0]) }
        guard let rights else { throw TokenError.malformed }
        return Principal(
            userID: .new(), tenant: .platform, rights: rights, sessionID: .new(), expiresAt: .now + .seconds(60))
    }

    nonisolated private static func problem(_ error: any Error) -> Problem? {
        guard error is SlotTaken else { return nil }
        return Problem(
            .slotTaken, "Ce créneau vient d’être pris.", members: FreeTimes(alternatives: ["09:30", "10:00"]))
    }

    nonisolated private static let id = PathVariable<Identifier<Thing>>("id", "The thing.")
    nonisolated private static let name = PathVariable<String>("name", "Any name.")

    nonisolated static let largeText = String(repeating: "Un créneau est libre. ", count: 400)
    nonisolated private static let large = RawContent(largeText)
    nonisolated private static let shape = NamedSchema(
        "Shape", "A refusal in a form of its own.", [.init("shape", .string(), "The slug of the problem.")])
    nonisolated private static let shapes = ProblemForm(
        mediaType: "application/shape+json", schema: shape
    ) { problem in
        Array("{\"shape\":\"\(problem.type.slug)\"}".utf8)
    }

    static func routes(_ gate: Gate) -> [Route] { things + texts + behaviour(gate) }

    private static var things: [Route] {
        [
            Route("sayHello", .get, "/hello", "Says hello.", access: .anyone) { (_, _: NoQuery, _: NoBody) in
                Reply(["hello": "world"])
            },
            Route(
                "listThings", .get, "/api/things", "Lists things.",
                access: .allow(.staff, .manager).or(.calendarRead)
            ) {
                (_, query: ThingQuery, _: NoBody) in
                let limit = (query.limit ?? .standard).value
                return Reply(Page(items: [ThingView(id: thing, name: "\(limit)")], next: query.cursor))
            },
            Route("listNumbers", .get, "/api/numbers", "Lists the numbers to 25.", access: .allow(.staff, .manager)) {
                (call, query: PageQuery, _: NoBody) in
                Reply(
                    try await call.page(query, of: "numbers", by: \.self) { after, count in
                        Array(((after ?? 0) + 1..<26).prefix(count))
                    })
            },
            Route(
                "readThing", .get, "/api/things/\(id)", "One thing.", access: .authenticated, sends: [.entityTag]
            ) { (call, _: NoQuery, _: NoBody) in
                Reply(
                    ThingView(id: try call.path(id), name: "chaise"),
                    entityTag: EntityTag(version: .init(generation: 1, number: 3)))
            },
            Route(
                "renameThing", .patch, "/api/things/\(id)", "Renames a thing.", access: .allow(.staff),
                ifMatch: .required, sends: [.entityTag]
            ) { (call, _: NoQuery, body: CreateThing) in
                let expected = try call.expectedVersion()
                guard expected == nil || expected == EntityTag(version: .init(generation: 1, number: 3)) else {
                    throw Problem.preconditionFailed
                }
                return Reply(
                    ThingView(id: try call.path(id), name: body.name),
                    entityTag: EntityTag(version: .init(generation: 1, number: 4)))
            },
            Route(
                "replaceThing", .put, "/api/named/\(id)", "Creates or replaces a thing.", access: .allow(.staff),
                ifMatch: .requiredToReplace,
                current: { Reply(ThingView(id: try $0.path(id), name: "chaise")) }
            ) { (call, _: NoQuery, body: CreateThing) in
                Reply(ThingView(id: try call.path(id), name: body.name))
            },
            Route(
                "createThing", .post, "/api/things", "Makes a thing.", access: .allow(.staff), idempotency: .required,
                sends: [.location], bodyLimit: 1000, success: .created, problems: [.slotTaken]
            ) { (call, _: NoQuery, body: CreateThing) in
                if body.name == "pris" { throw SlotTaken() }
                if body.name == "panne" { throw TokenError.expired }
                return Reply(ThingView(id: thing, name: body.name), location: "/api/things/\(thing)")
                    .with("x-fingerprint", "\(call.idempotency?.fingerprint ?? [])")
            },
            Route("removeThing", .delete, "/api/things/\(id)", "Removes a thing.", access: .allow(.manager)) {
                (_, _: NoQuery, _: NoBody) in Reply.empty
            },
        ]
    }

    /// What is no JSON, or refuses in another form.
    private static var texts: [Route] {
        [
            Route("readCalendar", .get, "/feed.ics", "A calendar.", access: .anyone, produces: "text/calendar") {
                (_, _: AnyQuery, _: NoBody) in Reply(RawContent("BEGIN:VCALENDAR"))
            },
            Route(
                "readLarge", .get, "/large", "What fills several packets.", access: .anyone, produces: "text/plain",
                sends: [.entityTag]
            ) { (_, _: NoQuery, _: NoBody) in
                Reply(large, entityTag: EntityTag(version: .init(generation: 1, number: 7)))
            },
            Route(
                "readLargeAsStaff", .get, "/api/large", "The same for staff.", access: .allow(.staff),
                produces: "text/plain", sends: [.entityTag]
            ) { (_, _: NoQuery, _: NoBody) in
                Reply(large, entityTag: EntityTag(version: .init(generation: 1, number: 7)))
            },
            Route(
                "refuseInShape", .get, "/shapes/\(name)/round", "Refuses in a form of its own.", access: .anyone,
                problemForm: shapes
            ) { (_, _: NoQuery, _: NoBody) -> Reply<[String: String]> in throw Problem.notFound },
        ]
    }

    private static func behaviour(_ gate: Gate) -> [Route] {
        [
            Route("waitForGate", .get, "/held/\(name)", "Answers when the gate is opened.", access: .anyone) {
                (call, _: NoQuery, _: NoBody) in
                await gate.pass()
                return Reply(["name": try call.path(name), "client": call.clientAddress.description])
            },
            Route(
                "readDeadline", .get, "/deadline", "Says how many milliseconds the request has left.", access: .anyone
            ) { (_, _: NoQuery, _: NoBody) in
                let left = RequestDeadline.current.map { ($0.instant - .now) / .milliseconds(1) }
                return Reply(["left": left ?? -1])
            },
            Route("echoBody", .post, "/echo", "Gives back the body.", access: .anyone, produces: "application/json") {
                (call, _: NoQuery, body: [String: Int]) in
                try await EventLoop.sleep(for: .milliseconds(1))
                return Reply(RawContent(call.body))
            },
        ]
    }
}

/// Holds those who pass until it is opened.
@EventLoop
final class Gate {
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var watcher: (count: Int, continuation: CheckedContinuation<Void, Never>)?
    private(set) var mostAtOnce = 0

    nonisolated init() {}

    func pass() async {
        await withCheckedContinuation { continuation in
            waiting.append(continuation)
            mostAtOnce = max(mostAtOnce, waiting.count)
            tellWatcher()
        }
    }

    func waitForArrival(_ count: Int) async {
        await withCheckedContinuation { continuation in
            watcher = (count, continuation)
            tellWatcher()
        }
    }

    func open() {
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    private func tellWatcher() {
        guard let (count, continuation) = watcher, waiting.count >= count else { return }
        watcher = nil
        continuation.resume()
    }
}
