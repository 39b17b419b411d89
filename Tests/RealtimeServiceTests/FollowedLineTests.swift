import AMQPTesting
import EventLoop
import GuichetProtocol
import Primitives
import ServiceTesting
import Testing

@testable import RealtimeService

@Suite("A line as clients follow it")
struct FollowedLineTests {
    @Test("is sent whole to a client that joins, then each change to those whom it concerns")
    func changes() async throws {
        try await Suite.with { suite in
            let line = suite.line
            let tickets = [try await line.join("A001"), try await line.join("A002"), try await line.join("A003")]
            let (patient, state) = try await suite.join("patient:\(tickets[1].token)")
            #expect(state.type == "joined" && state.id == 1 && state.event == "position:updated")
            #expect(state.data?.position == 2 && state.data?.version == 3 && state.data?.isNear == true)
            #expect(state.data?.estimatedWait == .init(from: 10, to: 15))
            let (staff, all) = try await suite.join("clinic:\(line.queue)", as: .staff)
            #expect(all.data?.entries?.map(\.ticketNumber) == ["A001", "A002", "A003"])
            let (display, shown) = try await suite.join("display:\(line.queue)", as: .display)
            #expect(shown.data?.waiting == 3 && shown.data?.next == "A001" && shown.data?.calledNumber == nil)
            #expect(line.requests == 1)
            // A moment later staff see which telephones are connected.
            var entries = all.data?.entries
            while entries?.map(\.isConnected) != [false, true, false] {
                entries = try #require(try await staff.next("queue:updated")).data?.entries
            }

            try await line.call(tickets[0])
            #expect(try await patient.next()?.data?.position == 1)
            #expect(try await staff.next("patient:called")?.data?.ticketNumber == "A001")
            let seen = try await staff.next("queue:updated")?.data
            #expect(seen?.version == 4 && seen?.entries?.map(\.status) == ["called", "waiting", "waiting"])
            #expect(seen?.entries?.map(\.isConnected) == [false, true, false])
            #expect(try await display.next()?.data?.ticketNumber == "A001")
            let update = try await display.next("display:update")?.data
            #expect(update?.calledNumber == "A001" && update?.next == "A002" && update?.calls?.count == 1)

            try await line.call(tickets[1])
            let call = try await patient.next()
            #expect(call?.type == "patient:called" && call?.data?.message == "C’est votre tour !")
            #expect(call?.data?.ticketNumber == "A002" && call?.data?.counter == "Cabinet 1")
            #expect(try await patient.next()?.type == "turn:called")
            let called = try await patient.next()
            #expect(called?.type == "position:updated" && called?.data?.status == "called")
            #expect(called?.data?.position == nil && called?.data?.counter == "Cabinet 1")
            // A patient who did not come and waits again is not sent to the counter of the missed call.
            try await line.change(tickets[1], to: "waiting", LineReturned.self)
            let waiting = try await patient.next()?.data
            #expect(waiting?.status == "waiting" && waiting?.position == 1 && waiting?.counter == nil)

            try await line.close()
            #expect(try await patient.next()?.type == "queue:closed")
            #expect(try await display.next("queue:closed")?.data?.message == "La file est fermée.")
            #expect(try await staff.next("queue:closed") != nil)
        }
    }

    @Test("has the ticket of a patient who connects before its event, and refuses one that a later report lacks")
    func newcomers() async throws {
        try await Suite.with { suite in
            let line = suite.line
            _ = try await suite.join("patient:\(try await line.join("A001").token)")
            let asked = line.requests
            // Only a report has the ticket.
            line.isSilent = true
            let ticket = try await line.join("A002")
            let (_, state) = try await suite.join("patient:\(ticket.token)")
            #expect(state.type == "joined" && state.data?.position == 2)
            #expect(line.requests == asked + 1)
            let forged = PublishedLine.token(of: line.tenant, line.queue.uuid)
            let (_, refused) = try await suite.join("patient:\(forged)")
            #expect(refused.code == "not-found")
        }
    }

    @Test("sends a patient nothing that concerns others, and nothing that has not changed")
    func privacy() async throws {
        try await Suite.with { suite in
            let line = suite.line
            let own = try await line.join("A001")
            let (patient, _) = try await suite.join("patient:\(own.token)")
            var others: [PublishedLine.Ticket] = []
            for number in 2...30 { others.append(try await line.join("B\(number)")) }
            for other in others { try await line.change(other, to: "left", LineLeft.self) }
            try await line.close()
            var received: [String] = []
            while let text = await patient.text() {
                received.append(text)
                if text.contains("queue:closed") { break }
            }
            // Neither 29 joins behind it nor 29 departures change anything for the first.
            #expect(received.count == 1, "\(received)")
            for text in received {
                #expect(!text.contains("B") && !text.contains(own.token) && !text.contains("tokenDigest"))
                for other in others { #expect(!text.contains(other.token) && !text.contains("\(other.id)")) }
            }
        }
    }

    @Test("is gathered when it changes in a burst, and every call arrives all the same")
    func burst() async throws {
        try await Suite.with(["GUICHET_REALTIME_GATHERING": "300ms"]) { suite in
            let line = suite.line
            var tickets: [PublishedLine.Ticket] = []
            for number in 1...40 { tickets.append(try await line.join("A\(number)")) }
            let (patient, _) = try await suite.join("patient:\(tickets[39].token)")
            let (display, _) = try await suite.join("display:\(line.queue)", as: .display)
            for ticket in tickets.dropLast() { try await line.call(ticket) }
            try await line.call(tickets[39])
            var positions: [Int] = []
            while let message = try await patient.next(), message.type != "patient:called" {
                positions.append(message.data?.position ?? 0)
            }
            #expect(positions.count < 30 && positions == positions.sorted(by: >), "\(positions)")
            var called: [String] = []
            while called.count < 40, let call = try await display.next("display:called") {
                called.append(call.data?.ticketNumber ?? "")
            }
            #expect(called == (1...40).map { "A\($0)" })
        }
    }

    @Test("is the same on every process, and right again after a missing event and a lost connection")
    func losses() async throws {
        try await Suite.with { suite in
            let line = suite.line
            let other = try await RunningService<RealtimeService>.start(suite.database, suite.broker)
            try await other.announce([])
            // Three of each process, and two of the line. The broker lists new ones after some seconds: longer than
            // a client may leave pings without an answer.
            try await suite.realtime.wait { _ in try await suite.broker.allConnections().count >= 8 }
            let tickets = [try await line.join("A001"), try await line.join("A002"), try await line.join("A003")]
            let (here, _) = try await suite.join("patient:\(tickets[2].token)")
            let (there, state) = try await suite.join("patient:\(tickets[2].token)", port: other.port)
            #expect(state.data?.position == 3)

            // An event is lost on the way to both; the next one shows that it is missing.
            line.isSilent = true
            try await line.change(tickets[0], to: "left", LineLeft.self)
            line.isSilent = false
            try await line.change(tickets[1], to: "left", LineLeft.self)
            for client in [here, there] { #expect(try await client.next { $0.data?.position == 1 } != nil) }

            // What is published while the connection is lost is in the report.
            line.isSilent = true
            try await line.change(tickets[2], to: "held", LineHeld.self)
            line.isSilent = false
            try await suite.broker.close(try await suite.broker.allConnections())
            for client in [here, there] { #expect(try await client.next { $0.data?.status == "held" } != nil) }
            try await other.stop()
        }
    }
}
