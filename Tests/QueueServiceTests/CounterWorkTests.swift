import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import ServiceTesting
import Tenancy
import Testing

@testable import QueueService

@Suite("The work of staff")
struct CounterWorkTests {
    @Test("a ticket is recalled, missed, put aside, resumed, moved and removed")
    func tickets() async throws {
        try await QueueFixture.with { room in
            let queue = try await room.queue(#", "recallLimit": 1, "returnBehind": 1"#)
            for _ in 0..<3 { _ = try await room.join(queue) }
            let first = try #require(try await room.callNext(queue))
            #expect(try await room.change(first.id, "recall") == "called")
            #expect(try await room.change(first.id, "recall") == "recall-limit")
            #expect(try await room.change(first.id, "no-show") == "missed")
            #expect(try await room.change(first.id, "return") == "waiting")
            #expect(try await room.tickets(queue).map(\.ticketNumber) == ["A002", "A001", "A003"])
            #expect(try await room.change(first.id, "hold") == "held")
            #expect(try await room.change(first.id, "resume") == "waiting")
            #expect(try await room.change(first.id, "priority", #"{"priority": "urgent"}"#) == "waiting")
            #expect(try await room.tickets(queue).map(\.ticketNumber) == ["A001", "A002", "A003"])
            #expect(try await room.tickets(queue).map(\.position) == [1, 2, 3])
            let third = try #require(try await room.tickets(queue).last)
            #expect(try await room.change(third.id, "leave") == "left")
            #expect(try await room.change(third.id, "finish") == "transition-not-allowed")
            #expect(try await room.change(third.id, "undo") == "waiting")
            let body = #"{"counter": "\#(queue.counters[1].id)"}"#
            #expect(try await room.change(third.id, "call", body) == "called")
            #expect(try await room.change(third.id, "undo") == "waiting")
            #expect(try await room.ask("GET", "/api/tickets/\(third.id)").decode(TicketAnswer.self).position == 3)
        }
    }

    @Test("a walk-in gets a ticket, and one who has lost it gets it again")
    func walkIns() async throws {
        try await QueueFixture.with { room in
            let queue = try await room.queue()
            let made = try await room.ask(
                "POST", "/api/queues/\(queue.id)/walk-ins", #"{"name": "Yasmine", "priority": "priority"}"#, as: .staff)
            #expect(made.status == 201, "\(made.text)")
            let given = try made.decode(GivenTicket.self)
            #expect(try await room.own(given.patientToken).position == 1)
            let again = try await room.ask("GET", "/api/tickets/\(given.ticket.id)/token").decode(GivenTicket.self)
            #expect((again.patientToken, again.ticket.name) == (given.patientToken, "Yasmine"))
        }
    }

    @Test("a request that is sent again with its key calls no second ticket")
    func callsOnce() async throws {
        try await QueueFixture.with { room in
            let queue = try await room.queue(counters: ["Cabinet"])
            for _ in 0..<2 { _ = try await room.join(queue) }
            let path = "/api/queues/\(queue.id)/call-next"
            let first = try await room.ask("POST", path, "{}", key: "one")
            let again = try await room.ask("POST", path, "{}", key: "one")
            #expect(first.status == 200 && first.text == again.text, "\(first.text) \(again.text)")
            #expect(try await room.tickets(queue).count == 2)
        }
    }

    @Test("a transferred ticket keeps its place, its patient follows it, and the transfer is undone")
    func transfer() async throws {
        try await QueueFixture.with { room in
            let (from, to) = (try await room.queue(), try await room.queue(#", "numberDigits": 2"#))
            let early = try await room.join(from)
            let later = try await room.join(to)
            let ticket = try #require(try await room.tickets(from).first)
            let answer = try await room.ask("POST", "/api/tickets/\(ticket.id)/transfer", #"{"queue": "\#(to.id)"}"#)
            let moved = try answer.decode(GivenTicket.self)
            #expect((moved.ticket.queue, moved.ticket.ticketNumber) == (to.id, "A02"))
            let old = try await room.own(early.patientToken)
            #expect((old.status, old.transferredTo) == ("transferred", moved.patientToken))
            #expect(try await room.own(moved.patientToken).position == 1)
            #expect(try await room.own(later.patientToken).position == 2)
            #expect(try await room.change(ticket.id, "undo") == "waiting")
            #expect(try await room.own(moved.patientToken).status == "left")
            #expect(try await room.own(early.patientToken).position == 1)
            let same = try await room.ask("POST", "/api/tickets/\(ticket.id)/transfer", #"{"queue": "\#(from.id)"}"#)
            #expect(try same.decode(Refusal.self).code == "same-queue")
            let unknown = #"{"queue": "\#(QueueID.new())"}"#
            #expect(try await room.change(ticket.id, "transfer", unknown) == "queue-unknown")
        }
    }

    @Test("a queue is configured, announces a message, and ends its day")
    func configuration() async throws {
        try await QueueFixture.with { room in
            let queue = try await room.queue()
            let path = "/api/queues/\(queue.id)"
            let read = try await room.ask("GET", path)
            let body = #"{"name": "Urgences", "numberPrefix": "U", "nearAt": 0}"#
            let replaced = try await room.ask("PUT", path, body, headers: ["If-Match": read.headers["etag"] ?? ""])
            #expect(replaced.status == 200, "\(replaced.text)")
            #expect(
                try await room.ask("PUT", path, body, headers: ["If-Match": read.headers["etag"] ?? ""]).status == 412)
            #expect(
                try await room.ask("PUT", path, #"{"name": "U", "nearAt": 21}"#, headers: ["If-Match": "*"]).status
                    == 400)
            let message = try await room.ask("POST", "\(path)/message", #"{"message": "30 minutes de retard"}"#)
            #expect(try message.decode(QueueAnswer.self).message == "30 minutes de retard")
            let added = try await room.ask("POST", "\(path)/counters", #"{"label": "Cabinet 3"}"#).decode(
                QueueAnswer.self)
            let third = try #require(added.counters.last)
            #expect(third.label == "Cabinet 3")
            let taken = try await room.ask(
                "PUT", "\(path)/counters/\(third.id)", #"{"label": "Cabinet 1", "isInService": true}"#)
            #expect(try taken.decode(Refusal.self).code == "counter-label-taken")
            let paused = try await room.ask(
                "PUT", "\(path)/counters/\(third.id)", #"{"label": "Salle", "isInService": false}"#)
            #expect(try paused.decode(QueueAnswer.self).counters.last?.isInService == false)
            #expect(try await room.ask("DELETE", "\(path)/counters/\(third.id)").status == 200)
            for _ in 0..<3 { _ = try await room.join(queue) }
            _ = try await room.callNext(queue)
            let ended = try await room.ask("POST", "\(path)/end-of-day")
            #expect(try ended.decode(QueueAnswer.self).isOpen == false, "\(ended.text)")
            #expect(try await room.tickets(queue).isEmpty)
            let events = try await room.events(of: queue)
            #expect(events.map(\.version) == Array(1...events.count))
            #expect(events.suffix(4).map(\.verb).sorted() == ["closed", "finished", "left", "left"])
            let rows = try await room.data.query("SELECT count(*) AS queues FROM queues")
            #expect(try rows[0].get("queues", as: Int.self) == 1)
        }
    }
}
