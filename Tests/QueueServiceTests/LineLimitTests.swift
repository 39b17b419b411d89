import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import QueueService

@Suite("Alerts of long lines")
struct LineLimitTests {
    private struct Limits: Decodable {
        let exceeded: [String]
        let version: Int
    }

    private struct Visits: Decodable {
        struct Visit: Decodable {
            let number: String
            let counter: String
            let isOverdue: Bool
        }
        let items: [Visit]
    }

    @EventLoop private func exceeded(_ room: WaitingRoom) async throws -> [String] {
        try await room.service.host.service.upkeep.watchLimits.run()
        return try await room.ask("GET", "limits", as: .staff).decode(Limits.self).exceeded
    }

    @EventLoop private func alerts(_ room: WaitingRoom) async throws -> Int {
        try await room.events(of: "line/\(room.id)").count { $0.hasPrefix("exceeded") }
    }

    @Test("each crossing is published once")
    func crossings() async throws {
        try await WaitingRoom.with { room in
            #expect(try await room.ask("GET", "limits").status == 404)
            #expect(try await room.ask("PUT", "limits", #"{"waiting": 0}"#).problem == "invalid-body")
            #expect(try await room.ask("PUT", "limits", #"{"waiting": 1, "waitMinutes": 30}"#).status == 200)
            _ = try await room.join()
            #expect(try await exceeded(room) == [])
            _ = try await room.join()
            #expect(try await exceeded(room) == ["waiting"])
            #expect(try await exceeded(room) == ["waiting"])
            #expect(try await alerts(room) == 1)
            room.service.clock.advance(by: .seconds(1801))
            #expect(try await exceeded(room) == ["waiting", "waitMinutes"])
            #expect(try await alerts(room) == 2)
            _ = try await room.callNext()
            _ = try await room.callNext(1)
            #expect(try await exceeded(room) == [])
            #expect(try await alerts(room) == 2)
            _ = try await room.join()
            _ = try await room.join()
            #expect(try await exceeded(room) == ["waiting"])
            #expect(try await alerts(room) == 3)
            let versions = try await room.data.query("SELECT version FROM line_transitions ORDER BY version")
            #expect(try versions.map { try $0.get("version", as: Int.self) } == Array(1...versions.count))
        }
    }

    @Test("visits that last longer than the clinic expects are shown")
    func visits() async throws {
        try await WaitingRoom.with { room in
            _ = try await room.join()
            let ticket = try #require(try await room.callNext())
            _ = try await room.ask("POST", "/api/tickets/\(ticket)/serve")
            room.service.clock.advance(by: .seconds(601))
            _ = try await room.join()
            _ = try await room.callNext(1)
            let visits = try await room.ask("GET", "visits", as: .staff).decode(Visits.self).items
            #expect(visits.map(\.number) == ["A001", "A002"])
            #expect(visits.map(\.isOverdue) == [true, false])
            #expect(visits.map(\.counter) == ["Cabinet 1", "=Cabinet 2"])
            #expect(try await room.ask("GET", "/api/queues/\(QueueID.new())/visits").status == 404)
        }
    }
}
