import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import ServiceTesting
import Tenancy
import Testing

@testable import QueueService

@Suite("Waiting in a queue")
struct WaitingTests {
    @Test("a patient joins, is called, is served and leaves, and each change is an event")
    func wholePath() async throws {
        try await QueueFixture.with { room in
            let queue = try await room.queue()
            let (first, second) = (try await room.join(queue), try await room.join(queue))
            #expect((first.ticketNumber, first.position) == ("A001", 1))
            #expect((second.ticketNumber, second.position) == ("A002", 2))
            #expect(first.estimatedWait == nil)
            let called = try #require(try await room.callNext(queue))
            #expect((called.ticketNumber, called.status) == ("A001", "called"))
            let own = try await room.own(first.patientToken)
            #expect((own.status, own.counter, own.position) == ("called", "Cabinet 1", nil))
            #expect(try await room.own(second.patientToken).position == 1)
            #expect(try await room.change(called.id, "serve") == "serving")
            #expect(try await room.change(called.id, "finish") == "finished")
            #expect(try await room.callNext(queue)?.ticketNumber == "A002")
            #expect(try await room.callNext(queue) == nil)
            let events = try await room.events(of: queue)
            #expect(
                events.map(\.verb) == [
                    "opened", "joined", "joined", "called", "served", "finished", "called", "finished",
                ])
            #expect(events.map(\.version) == Array(1...events.count))
            let snapshot = try #require(events[3].data.ticket)
            #expect(snapshot.counter == "Cabinet 1" && snapshot.status == "called")
            #expect(events[3].data.line.calls.map(\.number) == ["A001"])
            #expect(events[3].data.line.counters.map { $0.servingSince != nil } == [true, false])
            let log = try await room.data.query("SELECT version, verb FROM line_transitions ORDER BY version")
            #expect(try log.map { try $0.get("verb", as: String.self) } == events.map(\.verb))
        }
    }

    @Test("a repeated request and a browser with an open ticket get that ticket, and no token is stored")
    func oneTicket() async throws {
        try await QueueFixture.with { room in
            let queue = try await room.queue()
            let code = try await room.code(of: queue)
            let members = #", "name": "Amina B.", "careType": "consultation""#
            let first = try await room.send(code, members, key: "3f2c9a51-6b0e-4d7a")
            #expect(first.status == 201, "\(first.text)")
            let joined = try first.decode(JoinAnswer.self)
            let again = try await room.send(code, members, key: "3f2c9a51-6b0e-4d7a").decode(JoinAnswer.self)
            #expect((again.patientToken, again.ticketNumber) == (joined.patientToken, "A001"))
            let other = try await room.send(code, key: "3f2c9a51-6b0e-4d7a")
            #expect((other.status, other.problem) == (422, "idempotency-key-reused"))
            let browser = try await room.send(code, #", "ticket": "\#(joined.patientToken)""#).decode(JoinAnswer.self)
            #expect(browser.patientToken == joined.patientToken)
            #expect(try await room.tickets(queue).map(\.name) == ["Amina B."])
            let stored = try await room.data.query("SELECT tickets::text AS row FROM tickets")
            let text = try stored.map { try $0.get("row", as: String.self) }.joined()
            #expect(!text.contains("Amina") && !text.contains(joined.patientToken))
            for event in try await room.events(of: queue) { #expect(!"\(event)".contains("Amina")) }
        }
    }

    @Test("a code that was altered or has expired is refused, and so is a closed or a full queue")
    func refusals() async throws {
        try await QueueFixture.with { room in
            let queue = try await room.queue(#", "capacity": 1"#)
            let code = try await room.code(of: queue)
            for wrong in [code.dropLast(2) + "AA", "cabinet-alger.AAAA", "x"] {
                let answer = try await room.send(String(wrong))
                #expect((answer.status, answer.problem) == (403, "join-token-refused"))
            }
            _ = try await room.join(queue)
            #expect(try await room.send(code).decode(Refusal.self).code == "queue-full")
            #expect(try await room.ask("POST", "/api/queues/\(queue.id)/close").status == 200)
            #expect(try await room.send(code).decode(Refusal.self).code == "queue-closed")
            room.service.clock.advance(by: .seconds(49 * 3600))
            #expect(try await room.send(code).problem == "join-token-refused")
        }
    }

    @Test("a queue may refuse patients who wait in another one")
    func oneQueueAtATime() async throws {
        try await QueueFixture.with { room in
            let (first, second) = (try await room.queue(), try await room.queue(#", "acceptsOtherTickets": false"#))
            let joined = try await room.join(first)
            let code = try await room.code(of: second)
            let member = #", "ticket": "\#(joined.patientToken)""#
            #expect(try await room.send(code, member).decode(Refusal.self).code == "ticket-elsewhere")
            #expect(try await room.service.call("POST", "/queue/\(joined.patientToken)/leave").status == 200)
            #expect(try await room.send(code, member).status == 201)
        }
    }

    @Test("a patient leaves, undoes it, lets others go first and comes back")
    func patientChanges() async throws {
        try await QueueFixture.with { room in
            let queue = try await room.queue()
            let tickets = [try await room.join(queue), try await room.join(queue), try await room.join(queue)]
            let token = tickets[0].patientToken
            func change(_ verb: String) async throws -> OwnTicket {
                try await room.service.call("POST", "/queue/\(token)/\(verb)").decode(OwnTicket.self)
            }
            #expect(try await change("leave").status == "left")
            #expect(try await change("leave").status == "left")
            #expect(try await room.own(tickets[1].patientToken).position == 1)
            #expect(try await change("undo").position == 1)
            #expect(try await change("late").position == 3)
            #expect(try await room.own(tickets[1].patientToken).position == 1)
            _ = try await change("leave")
            room.service.clock.advance(by: .seconds(31))
            let late = try await room.service.call("POST", "/queue/\(token)/undo")
            #expect((late.status, try late.decode(Refusal.self).code) == (409, "undo-too-late"))
            for text in ["cabinet-alger.AAAA", "nobody.\(token.split(separator: ".")[1])", "x"] {
                #expect(try await room.service.call("GET", "/queue/\(text)").status == 404)
            }
        }
    }

    @Test("the expected wait is a range, once three visits were observed")
    func estimates() async throws {
        try await QueueFixture.with { room in
            let queue = try await room.queue(counters: ["Cabinet"])
            for _ in 0..<4 { _ = try await room.join(queue) }
            for _ in 0..<4 {
                _ = try await room.callNext(queue)
                room.service.clock.advance(by: .seconds(600))
            }
            let (next, after) = (try await room.join(queue), try await room.join(queue))
            let (short, long) = (try #require(next.estimatedWait), try #require(after.estimatedWait))
            #expect(short.from < 5 && long.from >= 10 && long.to >= long.from)
        }
    }
}
