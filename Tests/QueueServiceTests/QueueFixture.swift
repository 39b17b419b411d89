import EventLoop
import Foundation
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import QueueService

/// The waiting room of the tests: one tenant, and queues that the tests make.
struct QueueFixture: Sendable {
    static let tenant = TenantProfile(
        id: .new(), slug: "cabinet-alger", name: "Cabinet dentaire", address: "Cité 109, Daboussy El Achour, Alger",
        timeZone: "Africa/Algiers", locale: "fr-DZ", phoneCountry: "DZ", database: "main")

    let service: RunningService<QueueService>

    /// Lends a running Queue.
    static func with(_ body: @EventLoop @Sendable (QueueFixture) async throws -> Void) async throws {
        try await RunningService<QueueService>.with(
            [tenant], environment: ["GUICHET_QUEUE_REQUESTS_PER_MINUTE": "100000"]
        ) { service in try await body(QueueFixture(service: service)) }
    }

    @EventLoop var data: SchemaStore {
        get async throws { try await service.host.platform.directory.store(for: Self.tenant.slug).data }
    }

    /// Asks as an employee.
    @EventLoop func ask(
        _ method: String, _ path: String, _ body: String? = nil, as role: Role = .manager, key: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> TestAnswer {
        var headers = headers
        // An answer is stored under the caller's key, so a repeated request needs the same caller.
        if method == "POST" { headers["Idempotency-Key"] = key ?? UUID().uuidString }
        return try await service.call(
            method, path, token: try service.token(role, of: Self.tenant.slug, user: Self.user), headers: headers,
            body: body)
    }

    private static let user = UserID.new()

    /// Makes a queue that is open.
    @EventLoop func queue(
        _ settings: String = "", counters: [String] = ["Cabinet 1", "Cabinet 2"]
    ) async throws -> QueueAnswer {
        let labels = counters.map { "\"\($0)\"" }.joined(separator: ", ")
        let made = try await ask(
            "POST", "/api/queues",
            #"{"settings": {"name": "Consultations", "numberPrefix": "A"\#(settings)}, "counters": [\#(labels)]}"#)
        try #require(made.status == 201, "\(made.text)")
        let queue = try made.decode(QueueAnswer.self)
        try #require(try await ask("POST", "/api/queues/\(queue.id)/open").status == 200)
        return queue
    }

    /// A valid token behind the code of a queue.
    @EventLoop func code(of queue: QueueAnswer) async throws -> String {
        struct Answer: Decodable { let token: String }
        return try await ask("GET", "/api/queues/\(queue.id)/join-token").decode(Answer.self).token
    }

    /// Sends what a patient sends who has scanned the code.
    @EventLoop func send(_ code: String, _ members: String = "", key: String? = nil) async throws -> TestAnswer {
        try await service.call(
            "POST", "/api/queue/join", headers: key.map { ["Idempotency-Key": $0] } ?? [:],
            body: "{\"token\": \"\(code)\"\(members)}")
    }

    /// Lets a patient join.
    @EventLoop func join(_ queue: QueueAnswer) async throws -> JoinAnswer {
        let answer = try await send(try await code(of: queue))
        try #require(answer.status == 201, "\(answer.text)")
        return try answer.decode(JoinAnswer.self)
    }

    /// Calls the next ticket to a counter.
    @EventLoop func callNext(_ queue: QueueAnswer, at counter: Int = 0) async throws -> TicketAnswer? {
        struct Answer: Decodable { let ticket: TicketAnswer? }
        let answer = try await ask(
            "POST", "/api/queues/\(queue.id)/call-next", #"{"counter": "\#(queue.counters[counter].id)"}"#)
        try #require(answer.status == 200, "\(answer.text)")
        return try answer.decode(Answer.self).ticket
    }

    /// Does something to a ticket; an expected refusal is its code.
    @EventLoop func change(_ ticket: Identifier<TicketKind>, _ verb: String, _ body: String? = nil) async throws
        -> String
    {
        let answer = try await ask("POST", "/api/tickets/\(ticket)/\(verb)", body)
        if answer.status == 200 { return try answer.decode(TicketAnswer.self).status }
        return try answer.decode(Refusal.self).code
    }

    /// The ticket as its patient sees it.
    @EventLoop func own(_ token: String) async throws -> OwnTicket {
        let answer = try await service.call("GET", "/queue/\(token)")
        try #require(answer.status == 200, "\(answer.text)")
        return try answer.decode(OwnTicket.self)
    }

    /// The open tickets in the order of the line.
    @EventLoop func tickets(_ queue: QueueAnswer) async throws -> [TicketAnswer] {
        struct Answer: Decodable { let items: [TicketAnswer] }
        return try await ask("GET", "/api/queues/\(queue.id)/tickets?limit=100").decode(Answer.self).items
    }

    /// The events of a line in the order of their versions.
    @EventLoop func events(of queue: QueueAnswer) async throws -> [CloudEvent<LineData>] {
        let rows = try await data.query(
            "SELECT body FROM outbox WHERE aggregate = \("line/\(queue.id)") ORDER BY version")
        return try rows.map {
            try JSONDecoder().decode(CloudEvent<LineData>.self, from: Data($0.get("body", as: String.self).utf8))
        }
    }
}

extension CloudEvent {
    /// The verb of its name.
    var verb: String { type.split(separator: ".").dropLast().last.map(String.init) ?? "" }
}

struct QueueAnswer: Decodable {
    struct Counter: Decodable { let id: CounterID, label: String, isInService: Bool }
    let id: QueueID
    let isOpen: Bool
    let message: String?
    let counters: [Counter]
    let version: Int
}

struct TicketAnswer: Decodable {
    let id: Identifier<TicketKind>
    let queue: QueueID
    let ticketNumber: String
    let status: String
    let position: Int?
    let name: String?
    let counter: CounterID?
    let recalls: Int
    let calledAt: Instant?
}

struct GivenTicket: Decodable {
    let ticket: TicketAnswer
    let patientToken: String
}

struct WaitAnswer: Decodable { let from: Int, to: Int }

struct OwnTicket: Decodable {
    let ticketNumber: String
    let shortCode: String
    let status: String
    let position: Int?
    let estimatedWait: WaitAnswer?
    let isNear: Bool
    let counter: String?
    let transferredTo: String?
    let version: Int
}

struct JoinAnswer: Decodable {
    let ticketNumber: String
    let position: Int?
    let estimatedWait: WaitAnswer?
    let patientToken: String
    let ticket: OwnTicket
}

struct Refusal: Decodable { let code: String }
