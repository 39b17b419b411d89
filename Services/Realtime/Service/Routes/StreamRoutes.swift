import Authentication
import EventLoop
import HTTPServer
import JSONCoding
import RealtimeDomain
import Runtime
import ServiceHost

/// Server-sent events: several rooms in one answer that does not end, for displays behind strict proxies.
@EventLoop
struct StreamRoutes {
    let service: RealtimeService
    private let endpoint: EventStreamEndpoint
    private let encoding = StreamEncoding()

    init(service: RealtimeService) {
        self.service = service
        endpoint = EventStreamEndpoint(
            "rooms", .rooms(service.configuration.clients), metrics: service.context.platform.metrics)
    }

    var routes: [Route] {
        [
            endpoint.route(
                "streamRooms", "/api/realtime/events",
                "Streams the events of rooms, after the state of each, as server-sent events.",
                access: .anyone, problems: [.unauthenticated, .forbidden, .notFound, .tooManyRequests], handler: open)
        ].tagged("Feeds", "Live updates.")
    }

    /// Refuses a client before the stream begins: browsers do not repeat a request that is answered with a problem.
    private func open(_ call: Call, _ query: StreamQuery) async throws -> EventStreamEndpoint.Start {
        let token = (call.presentedToken ?? query.token).map(PresentedToken.init)
        let wishes = try query.wishes(token)
        let client = Client(at: call.clientAddress, permits: service.origins(of: call))
        try service.clients.checkLimits(of: client)
        if let access = token?.access { try service.identify(access, client) }
        do {
            for wish in wishes { try await service.joinRoom.check(wish, client) }
        } catch let refusal as Refusal {
            throw service.clients.count(refusal)
        }
        return { [service, encoding] stream in
            StreamConnection(service, stream, client, encoding).begin(wishes)
        }
    }
}

/// The query of a stream.
struct StreamQuery: Codable, Sendable {
    /// The most rooms of one stream.
    static let maximumRooms = 8

    /// The rooms: `patient:<token>`, `display:<id of a queue>` and so on, one in each parameter.
    let room: [RoomName]
    /// An access token, or the token of a display, for browsers, whose `EventSource` sends no header fields. It may stand
    /// in logs.
    let token: String?

    func wishes(_ token: PresentedToken?) throws(Refusal) -> [RoomWish] {
        guard (1...Self.maximumRooms).contains(room.count) else { throw .malformed }
        return room.map { $0.wish.presenting(displayToken: token?.display) }
    }
}

/// The name of a room as a client asks for it.
struct RoomName: WireText {
    /// The room that is asked for.
    let wish: RoomWish
    let wire: String

    init?(wire text: String) {
        guard let wish = RoomWish(text) else { return nil }
        (self.wish, wire) = (wish, text)
    }

    static var expectation: String { "nom de salle attendu, par exemple \(example)" }
    static var example: String { "display:0193d5a7-4a00-7000-8000-000000000001" }
    static var schema: JSONSchema { .string(minLength: 1, maxLength: RoomWish.longest) }
}

extension EventStreamLimits {
    /// A dead path is noticed soon. The clients of all transports are counted together.
    fileprivate static func rooms(_ clients: Int) -> EventStreamLimits {
        var limits = EventStreamLimits.standard
        (limits.connections.total, limits.connections.perClient) = (clients, clients)
        limits.connections.perTenant = clients
        (limits.heartbeat, limits.acknowledgementTime) = (.seconds(5), .seconds(8))
        limits.endsWithToken = false
        return limits
    }
}

extension Call {
    /// The token in `Authorization`, which a route for anyone does not read.
    fileprivate var presentedToken: String? {
        let fields = headers("authorization")
        guard fields.count == 1, fields[0].prefix(7).lowercased() == "bearer " else { return nil }
        return String(fields[0].dropFirst(7))
    }
}
