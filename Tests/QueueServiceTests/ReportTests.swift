import EventLoop
import Foundation
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import QueueService

@Suite("Reports of a line")
struct ReportTests {
    @Test("have every open ticket of the line as of one version, in parts")
    func parts() async throws {
        try await QueueFixture.with { room in
            let queue = try await room.queue()
            _ = try await room.join(queue)
            // As many as two parts hold, made of the first.
            try await room.data.query(
                """
                INSERT INTO tickets (id, queue, day, number, token_digest, source, joined_at, status, place, priority,
                    recalls, returns, is_near)
                SELECT gen_random_uuid(), queue, day, number + extra, sha256(extra::text::bytea), source, joined_at,
                    status, place + extra, priority, 0, 0, true
                FROM tickets, generate_series(1, 250) AS extra
                """)
            let parts = try await room.report(of: queue.id)
            #expect(parts.map(\.data.part) == [1, 2] && parts.map(\.data.parts) == [2, 2])
            #expect(parts.map(\.data.tickets.count) == [200, 51])
            #expect(Set(parts.flatMap(\.data.tickets).map(\.id)).count == 251)
            let events = try await room.events(of: queue)
            #expect(parts.allSatisfy { $0.data.version == events.count })
            #expect(parts[0].data.line == events.last?.data.line)
        }
    }
}

extension QueueFixture {
    /// Asks as Realtime does. What is sent leaves from the registry, for the answer is in the tenant's own outbox.
    @EventLoop fileprivate func report(of queue: QueueID) async throws -> [CloudEvent<LineReported>] {
        let platform = service.host.platform
        let id = LineRequestID.new()
        try await platform.directory.registry.query(
            Outbox.record(
                LineRequested(request: id, queue: queue), of: id.description, version: 1, tenant: Self.tenant.slug,
                at: .now))
        platform.relay.wake(platform.directory.registry)
        let subject = "report/\(id)"
        let data = try await data
        try await service.wait { _ in
            try await !data.query("SELECT 1 FROM outbox WHERE aggregate = \(subject)").isEmpty
        }
        let rows = try await data.query("SELECT body FROM outbox WHERE aggregate = \(subject) ORDER BY version")
        return try rows.map {
            try JSONDecoder().decode(CloudEvent<LineReported>.self, from: Data($0.get("body", as: String.self).utf8))
        }
    }
}
