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

@Suite("Opening by hours")
struct OpeningPlanRouteTests {
    private struct Plan: Decodable {
        let nextChangeAt: Instant?
        let version: Int
    }

    private struct Queue: Decodable { let isOpen: Bool }

    @EventLoop private func isOpen(_ room: WaitingRoom) async throws -> Bool {
        try await room.service.host.service.upkeep.followOpeningPlans.run()
        return try await room.ask("GET", "/api/queues/\(room.id)").decode(Queue.self).isOpen
    }

    private func at(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }

    @Test("a queue follows its plan; what staff decide holds until the next change; the day ends by itself")
    func plan() async throws {
        try await WaitingRoom.with { room in
            let clock = room.service.clock
            _ = try await room.join()
            // A Tuesday; the clinic is an hour ahead of UTC.
            clock.stop(at: try at("2030-01-01T06:00:00Z"))
            #expect(try await room.ask("GET", "hours").status == 404)
            let plan = """
                {"openings": [{"day": "tuesday", "opens": "08:00", "closes": "12:00"},
                              {"day": "tuesday", "opens": "13:00", "closes": "17:00"}], "endsDayAt": "20:00"}
                """
            #expect(try await room.ask("PUT", "hours", as: .staff, plan).status == 403)
            let set = try await room.ask("PUT", "hours", plan)
            #expect(set.status == 200, "\(set.text)")
            #expect(try await !isOpen(room))
            let next = try await room.ask("GET", "hours", as: .staff).decode(Plan.self).nextChangeAt
            #expect(try next == at("2030-01-01T07:00:00Z"))

            clock.stop(at: try at("2030-01-01T07:00:00Z"))
            #expect(try await isOpen(room))
            _ = try await room.ask("POST", "close")
            clock.stop(at: try at("2030-01-01T09:00:00Z"))
            #expect(try await !isOpen(room))
            clock.stop(at: try at("2030-01-01T12:00:00Z"))
            #expect(try await isOpen(room))

            let open = "SELECT 1 FROM tickets WHERE status = 'waiting'" as SQL
            clock.stop(at: try at("2030-01-01T16:30:00Z"))
            #expect(try await !isOpen(room))
            #expect(try await room.data.query(open).count == 1)
            clock.stop(at: try at("2030-01-01T19:00:00Z"))
            #expect(try await !isOpen(room))
            #expect(try await room.data.query(open).isEmpty)
            let events = try await room.events(of: "line/\(room.id)").map { $0.prefix { $0 != " " } }
            #expect(events == ["opened", "joined", "closed", "opened", "closed", "opened", "closed", "left"])

            #expect(try await room.ask("DELETE", "hours", seen: 2).status == 412)
            #expect(try await room.ask("DELETE", "hours", seen: 1).status == 204)
            clock.stop(at: try at("2030-01-08T07:00:00Z"))
            #expect(try await !isOpen(room))
        }
    }

    @Test("a plan that contradicts itself is refused")
    func refusals() async throws {
        try await WaitingRoom.with { room in
            for openings in [
                #"{"day": "monday", "opens": "12:00", "closes": "08:00"}"#,
                #"{"day": "monday", "opens": "08:00", "closes": "12:00"}, {"day": "monday", "opens": "12:00", "closes": "13:00"}"#,
                #"{"day": "lundi", "opens": "08:00", "closes": "12:00"}"#,
            ] {
                let answer = try await room.ask("PUT", "hours", #"{"openings": [\#(openings)]}"#)
                #expect(answer.problem == "invalid-body", "\(openings): \(answer.text)")
            }
            let absent = "/api/queues/\(QueueID.new())/hours"
            #expect(try await room.ask("PUT", absent, #"{"openings": []}"#).status == 404)
        }
    }
}
