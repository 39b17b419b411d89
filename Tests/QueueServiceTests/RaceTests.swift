import AMQPTesting
import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import PostgresTesting
import Primitives
import ServiceTesting
import Tenancy
import Testing

@testable import QueueService

@Suite("Requests at the same time")
struct RaceTests {
    /// Sends from all these tasks at once.
    @EventLoop private func together<Answer: Sendable>(
        _ count: Int, _ body: @escaping @EventLoop @Sendable (Int) async throws -> Answer
    ) async throws -> [Answer] {
        let tasks = (0..<count).map { index in Task { @EventLoop in try await body(index) } }
        var answers: [Answer] = []
        for task in tasks { answers.append(try await task.value) }
        return answers
    }

    @Test("50 calls over two processes call each ticket once, in the order of the line")
    func calls() async throws {
        try await TestDatabase.with { database in
            try await TestBroker.withVhost { broker in
                let first = try await RunningService<QueueService>.start(database, broker)
                let second = try await RunningService<QueueService>.start(database, broker)
                try await first.announce([QueueFixture.tenant])
                try await second.announce([])
                try await second.wait { try await $0.serves(QueueFixture.tenant.slug) }
                let rooms = [QueueFixture(service: first), QueueFixture(service: second)]
                let labels = (1...50).map { "Guichet \($0)" }
                let queue = try await rooms[0].queue(#", "capacity": 100"#, counters: labels)
                _ = try await together(60) { index in
                    try await rooms[index % 2].ask(
                        "POST", "/api/queues/\(queue.id)/walk-ins",
                        #"{"priority": "\#(index % 5 == 0 ? "urgent" : "normal")"}"#)
                }
                let waiting = try await rooms[0].tickets(queue).map(\.id)
                #expect(waiting.count == 60)
                let called = try await together(50) { try await rooms[$0 % 2].callNext(queue, at: $0)?.id }
                #expect(Set(called.compactMap(\.self)) == Set(waiting.prefix(50)))
                let events = try await rooms[0].events(of: queue)
                #expect(
                    events.filter { $0.verb == "called" }.compactMap(\.data.ticket?.id) == Array(waiting.prefix(50)))
                #expect(events.map(\.version) == Array(1...events.count))
                let numbers = try await rooms[0].tickets(queue).map(\.ticketNumber)
                #expect(Set(numbers).count == 60)
                try await second.stop()
                try await first.stop()
            }
        }
    }

    @Test("joins and calls at once neither lose nor double a ticket, and two crossing transfers both succeed")
    func joinsAndTransfers() async throws {
        try await QueueFixture.with { room in
            let (left, right) = (try await room.queue(), try await room.queue())
            let code = try await room.code(of: left)
            let served = try await together(40) { index in
                if index % 2 == 0 {
                    #expect(try await room.send(code).status == 201)
                    return nil as TicketAnswer?
                }
                return try await room.callNext(left, at: index % 4 / 2)
            }
            let called = served.compactMap(\.self).map(\.id)
            #expect(Set(called).count == called.count)
            var drained = called.count
            while try await room.callNext(left) != nil { drained += 1 }
            #expect(drained == 20)
            #expect(try await room.callNext(left, at: 1) == nil)
            #expect(try await room.tickets(left).isEmpty)
            _ = try await together(20) { index in
                try await room.join(index % 2 == 0 ? left : right)
            }
            let (lefts, rights) = (try await room.tickets(left), try await room.tickets(right))
            let moved = try await together(20) { index in
                let (tickets, target) = index % 2 == 0 ? (lefts, right) : (rights, left)
                let body = #"{"queue": "\#(target.id)"}"#
                return try await room.ask("POST", "/api/tickets/\(tickets[index / 2].id)/transfer", body).status
            }
            #expect(moved.allSatisfy { $0 == 200 })
            #expect(try await room.tickets(left).count == 10)
            for queue in [left, right] {
                let events = try await room.events(of: queue)
                #expect(events.map(\.version) == Array(1...events.count))
            }
        }
    }

    @Test("requests with one key at once make one ticket")
    func oneKey() async throws {
        try await QueueFixture.with { room in
            let queue = try await room.queue()
            let code = try await room.code(of: queue)
            let answers = try await together(10) { _ in
                try await room.send(code, key: "8d1f7f0e-53bb-4f0b").decode(JoinAnswer.self)
            }
            #expect(Set(answers.map(\.patientToken)).count == 1)
            #expect(try await room.tickets(queue).count == 1)
        }
    }
}
