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

@Suite("Tickets that a browser has forgotten")
struct LostTicketTests {
    private struct Found: Decodable { let patientToken: String }

    @EventLoop private func find(_ number: String, _ code: String, _ room: WaitingRoom) async throws -> TestAnswer {
        try await room.send(
            "/api/queue/tickets/found",
            #"{"token": "\#(room.fixture.code(of: room.queue))", "ticketNumber": "\#(number)", "code": "\#(code)"}"#)
    }

    @Test("are found by number and short code at the door, with few attempts; staff give the token in any case")
    func recovery() async throws {
        try await WaitingRoom.with { room in
            let (ticket, other) = (try await room.join(), try await room.join())
            let typed = "\(ticket.ticket.shortCode.prefix(3).lowercased())-\(ticket.ticket.shortCode.suffix(3))"
            let found = try await find(ticket.ticketNumber.lowercased(), typed, room)
            #expect(found.status == 200, "\(found.text)")
            #expect(found.headers["cache-control"] == "no-store")
            #expect(try found.decode(Found.self).patientToken == ticket.patientToken)
            #expect(try await find("A099", ticket.ticket.shortCode, room).status == 404)
            #expect(try await find("B001", ticket.ticket.shortCode, room).status == 404)
            for _ in 0..<5 { #expect(try await find(ticket.ticketNumber, other.ticket.shortCode, room).status == 404) }
            #expect(try await find(ticket.ticketNumber, ticket.ticket.shortCode, room).problem == "ticket-code-locked")
            #expect(try await find(other.ticketNumber, other.ticket.shortCode, room).status == 200)

            let id = try #require(try await room.callNext())
            let given = try await room.ask("GET", "/api/tickets/\(id)/token", as: .staff).decode(Found.self)
            #expect(given.patientToken == ticket.patientToken)
            let forged = try await room.send(
                "/api/queue/tickets/found",
                #"{"token": "cabinet-alger.AAAA", "ticketNumber": "A002", "code": "\#(other.ticket.shortCode)"}"#)
            #expect(forged.problem == "join-token-refused")
            #expect(try await room.send("/queue/\(other.patientToken)/leave").status == 200)
            #expect(try await find(other.ticketNumber, other.ticket.shortCode, room).status == 404)
        }
    }
}
