import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy

@testable import QueueService

/// The clinic of the tests with one open queue of two counters.
struct WaitingRoom: Sendable {
    let fixture: QueueFixture
    let queue: QueueAnswer

    var service: RunningService<QueueService> { fixture.service }
    var id: QueueID { queue.id }

    /// Lends a running Queue with this clinic in it, beside `others` that are empty.
    static func with(
        beside others: [TenantProfile] = [], _ body: @EventLoop @Sendable (WaitingRoom) async throws -> Void
    ) async throws {
        try await RunningService<QueueService>.with([QueueFixture.tenant] + others) { service in
            let fixture = QueueFixture(service: service)
            let queue = try await fixture.queue(
                #", "expectedVisitMinutes": 10"#, counters: ["Cabinet 1", "=Cabinet 2"])
            try await body(WaitingRoom(fixture: fixture, queue: queue))
        }
    }

    @EventLoop var data: SchemaStore {
        get async throws { try await fixture.data }
    }

    /// A request of an employee about the queue, or about another path.
    ///
    /// - Parameter seen: the version for `If-Match`.
    @EventLoop func ask(
        _ method: String, _ path: String, as role: Role = .manager, of tenant: TenantSlug = QueueFixture.tenant.slug,
        seen: Int? = nil, _ body: String? = nil
    ) async throws -> TestAnswer {
        var headers = ["Idempotency-Key": UUID().uuidString]
        if let seen { headers["If-Match"] = "\"\(seen)\"" }
        let path = path.hasPrefix("/") ? path : "/api/queues/\(id)/\(path)"
        return try await service.call(
            method, path, token: service.token(role, of: tenant), headers: headers, body: body)
    }

    /// A request without an access token.
    @EventLoop func send(_ path: String, _ body: String? = nil) async throws -> TestAnswer {
        try await service.call("POST", path, body: body)
    }

    /// Lets a patient join by the QR code.
    @EventLoop func join() async throws -> JoinAnswer { try await fixture.join(queue) }

    /// Calls the next ticket to a counter.
    @EventLoop func callNext(_ counter: Int = 0) async throws -> TicketID? {
        try await fixture.callNext(queue, at: counter)?.id
    }

    /// The verbs and versions of the events of an aggregate, for example `line/…`, once they have left.
    @EventLoop func events(of aggregate: String) async throws -> [String] {
        try await service.wait { _ in
            try await data.query("SELECT 1 FROM outbox WHERE published_at IS NULL").isEmpty
        }
        return try await data.query(
            """
            SELECT split_part(body::json ->> 'type', '.', 4) || ' ' || version AS event FROM outbox
            WHERE aggregate = \(aggregate) ORDER BY version
            """
        ).map { try $0.get("event") }
    }
}

struct JoinTokenAnswer: Decodable {
    let token: String
    let url: String
    let rotationMinutes: Int
    let changesAt: Instant
    let expiresAt: Instant
}
