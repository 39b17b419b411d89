import AMQP
import AMQPTesting
import Cryptography
import EventLoop
import FoundationEssentials
import GuichetProtocol
import JSONCoding
import Messaging
import Primitives

/// A line, published over the broker as Queue does it: events in versions without gaps, and answers to requests.
@EventLoop
final class PublishedLine {
    /// A ticket and the secret of its patient.
    struct Ticket {
        let id: TicketID
        let token: String
    }

    let queue = QueueID.new()
    let tenant: TenantSlug
    private(set) var version = 0
    /// How often the line was requested.
    private(set) var requests = 0
    /// While true, events count and are not published.
    var isSilent = false
    private(set) var line: LineSnapshot
    private var tickets: [TicketID: TicketSnapshot] = [:]
    private let publisher: AMQPPublisher
    private var answers: AMQPConsumer?
    private let counter = CounterID.new()

    init(of tenant: TenantSlug, on broker: TestBroker) async throws {
        self.tenant = tenant
        line = LineSnapshot(
            queue: queue, name: "Accueil", isOpen: true, message: nil, nearAt: 1,
            pace: PaceSnapshot(typicalSeconds: 600, slowSeconds: 900, samples: 5),
            counters: [CounterSnapshot(id: counter, label: "Cabinet 1", isInService: true, servingSince: nil)],
            calls: [])
        publisher = try await broker.publisher(declaring: EventRouting.publishing)
        try await answerRequests(broker)
    }

    func stop() async {
        await answers?.drain()
        await publisher.drain()
    }

    /// The secret of a ticket or a display, made of the id of its queue or of the display itself.
    static func token(of tenant: TenantSlug, _ id: UUID) -> String {
        let bytes = withUnsafeBytes(of: id.uuid, Array.init) + RandomBytes.make(24)
        return "\(tenant).\(BaseEncoding.base64URL.encode(bytes))"
    }

    static func digest(of token: String) -> String {
        BaseEncoding.base64URL.encode(SHA256.hash(Array(token.utf8)))
    }

    /// A ticket joins behind all others.
    func join(_ number: String) async throws -> Ticket {
        let token = Self.token(of: tenant, queue.uuid)
        let ticket = TicketSnapshot(
            id: .new(), number: number, status: "waiting", place: version * 1000, priority: "normal",
            tokenDigest: Self.digest(of: token), counter: nil, joinedAt: .now,
            calledAt: nil, careType: nil, appointment: nil)
        try await publish(LineJoined.self, ticket)
        return Ticket(id: ticket.id, token: token)
    }

    func call(_ ticket: Ticket) async throws {
        guard var called = tickets[ticket.id] else { return }
        (called.status, called.counter, called.calledAt) = ("called", "Cabinet 1", .now)
        line.calls.insert(
            CallSnapshot(ticket: called.id, number: called.number, counter: "Cabinet 1", at: .now, recalls: 0), at: 0)
        line.calls = Array(line.calls.prefix(LineSnapshot.maximumCalls))
        try await publish(LineCalled.self, called)
    }

    func change<Payload: LineEvent>(
        _ ticket: Ticket, to status: String, _ type: Payload.Type
    ) async throws {
        guard var changed = tickets[ticket.id] else { return }
        changed.status = status
        try await publish(type, changed)
    }

    func close() async throws {
        line.isOpen = false
        try await publish(LineClosed.self, nil)
    }

    func publish<Payload: LineEvent>(_ type: Payload.Type, _ ticket: TicketSnapshot?) async throws {
        version += 1
        if let ticket { tickets[ticket.id] = ticket }
        guard !isSilent else { return }
        try await publish(Payload(line: line, ticket: ticket), of: queue.description, version: version)
    }

    /// Publishes any event of the tenant.
    func publish<Payload: Event>(_ payload: Payload, of aggregate: String, version: Int) async throws {
        let event = CloudEvent(
            id: .new(), name: Payload.name, aggregate: aggregate, version: version, tenant: tenant, time: .now,
            correlation: "test", data: payload)
        try await publisher.publish(
            OutgoingMessage(
                exchange: EventRouting.exchange,
                routingKey: Payload.name.routingKey(tenant: tenant, shard: Shard.of(aggregate)),
                body: JSONOutput.encode(event), contentType: EventRouting.contentType,
                messageID: event.id.description, type: event.type))
    }

    private func answerRequests(_ broker: TestBroker) async throws {
        let name = "requests \(queue)"
        let topology = Topology(
            exchanges: EventRouting.publishing.exchanges,
            queues: [Queue(name, .classic(durable: false, exclusive: true, autoDelete: true))],
            bindings: [Binding(queue: name, to: EventRouting.exchange, routingKey: "*.realtime.line.requested.#")])
        let states = Journal<ConnectionState>()
        answers = AMQPConsumer(
            try broker.configuration(named: "requests"), declaring: topology,
            consuming: [QueueConsumption(queue: name, prefetch: 10)],
            observer: AMQPObserver(stateChanged: { states.record($0) })
        ) { [weak self] deliveries in
            for delivery in deliveries { await self?.answer(delivery.body) }
            return deliveries.map { _ in .ack }
        }
        try await states.wait { $0.contains(.connected) }
    }

    private func answer(_ body: [UInt8]) async {
        // Requests of other tests are none of it.
        guard let request = try? JSONDecoder().decode(CloudEvent<LineRequested>.self, from: Data(body)).data,
            request.queue == queue
        else { return }
        requests += 1
        let live = tickets.values.filter { !["left", "finished", "transferred"].contains($0.status) }
        // Two parts, so that they must be put together.
        for part in 1...2 {
            let report = LineReported(
                request: request.request, line: line, version: version,
                tickets: live.enumerated().filter { $0.offset % 2 == part - 1 }.map(\.element), part: part, parts: 2)
            // As in Queue, an answer waits for a connection that was lost.
            while (try? await publish(report, of: request.request.description, version: part)) == nil {
                guard (try? await Task.sleep(for: .milliseconds(50))) != nil else { return }  // The test has ended.
            }
        }
    }
}
