import EventLoop
import GuichetProtocol
import HTTPTesting
import Primitives
import ServiceTesting
import Testing

@testable import RealtimeService

@Suite("Clients of Socket.IO")
struct SocketIOTests {
    @Test("join rooms by events, are answered, and get the state and what follows")
    func rooms() async throws {
        try await Suite.with { suite in
            let (line, port) = (suite.line, suite.realtime.port)
            let ticket = try await line.join("A001")
            let patient = try #require(try await SocketIOClient(port: port))
            let join = #"{"patientToken":"\#(ticket.token)","clinicId":"\#(line.queue)"}"#
            #expect(try await patient.call("join:patient", join)?.status == "ok")
            let state = try #require(try await patient.next())
            #expect(state.name == "position:updated" && state.data?.position == 1 && state.data?.version == 1)
            let staff = try #require(try await SocketIOClient(port: port, try suite.auth(.staff)))
            #expect(try await staff.call("join:clinic", #"{"clinicId":"\#(line.queue)"}"#)?.status == "ok")
            #expect(try await staff.next()?.data?.entries?.map(\.ticketNumber) == ["A001"])
            let display = try #require(
                try await SocketIOClient(
                    port: port, try suite.auth(.display) + #","rooms":["display:\#(line.queue)"]"#))
            #expect(try await display.next()?.data?.next == "A001")

            try await line.call(ticket)
            var events: [String] = []
            for _ in 1...3 { events.append(try await patient.next()?.name ?? "") }
            #expect(events == ["patient:called", "turn:called", "position:updated"])
            #expect(try await staff.next("patient:called")?.data?.counter == "Cabinet 1")
            #expect(try await staff.next("queue:updated")?.data?.version == 2)
            #expect(try await display.next()?.name == "display:called")
            #expect(try await display.next()?.data?.calledNumber == "A001")

            let cases = [
                ("join:clinic", #"{"clinicId":"\#(line.queue)"}"#, "unauthenticated"),
                ("join:display", #"{"clinicId":"\#(line.queue)"}"#, "unauthenticated"),
                ("join:patient", #"{"patientToken":"x"}"#, "not-found"), ("join:patient", "1", "malformed"),
                ("auth:token", #"{"token":"x"}"#, "unauthenticated"),
            ]
            for (event, argument, code) in cases {
                #expect(try await patient.call(event, argument)?.code == code, "\(event) \(argument)")
            }
            let many = Array(repeating: #""patient:\#(ticket.token)""#, count: 17).joined(separator: ",")
            let refused = [
                (#""token":"x""#, "unauthenticated"), (#""rooms":["x"]"#, "malformed"),
                (#""rooms":[\#(many)]"#, "malformed"),
            ]
            for (auth, code) in refused {
                #expect(try await SocketIOClient(port: port, auth)?.refusal == code)
            }
            let page = ["Origin": "https://elsewhere.example"]
            let elsewhere = try #require(try await SocketIOClient(port: port, headers: page))
            #expect(try await elsewhere.call("join:patient", join)?.code == "forbidden")
        }
    }

    @Test("name the process in their sessions and over long polling in each answer")
    func instance() async throws {
        try await Suite.with { suite in
            let client = try #require(try await SocketIOClient(port: suite.realtime.port))
            let instance = client.session.split(separator: "-").first.map(String.init)
            let poll = RawClient(port: suite.realtime.port)
            let answer = try #require(await poll.request("GET", "/socket.io/?EIO=4&transport=polling"))
            #expect(answer.headers["x-instance"] == instance && instance?.count == 16)
            #expect(answer.body.hasPrefix(#"0{"sid":"\#(instance ?? "")-"#))
        }
    }

    @Test("get what they missed after a lost connection, and staff see that it is lost")
    func recovery() async throws {
        try await Suite.with { suite in
            let (line, port) = (suite.line, suite.realtime.port)
            let ticket = try await line.join("A001")
            let patient = try #require(try await SocketIOClient(port: port, #""rooms":["patient:\#(ticket.token)"]"#))
            #expect(try await patient.next()?.data?.position == 1)
            let (staff, _) = try await suite.join("clinic:\(line.queue)", as: .staff)
            func isConnected(_ expected: Bool) async throws {
                while let seen = try await staff.next("queue:updated") {
                    if seen.data?.entries?.first?.isConnected == expected { return }
                }
                Issue.record("staff never saw it")
            }
            try await isConnected(true)
            patient.cut()
            try await isConnected(false)
            try await line.call(ticket)
            let again = try #require(try await SocketIOClient(port: port, patient.recovery))
            #expect(again.id == patient.id)
            var events: [String] = []
            for _ in 1...3 { events.append(try await again.next()?.name ?? "") }
            #expect(events == ["patient:called", "turn:called", "position:updated"])
            try await isConnected(true)
        }
    }

    @Test("get the state if they have missed too much, or come to another process")
    func losses() async throws {
        try await Suite.with(["GUICHET_REALTIME_GATHERING": "0ms"]) { suite in
            let (line, port) = (suite.line, suite.realtime.port)
            let staff = try #require(try await SocketIOClient(port: port, try suite.auth(.staff)))
            #expect(try await staff.call("join:clinic", #"{"clinicId":"\#(line.queue)"}"#)?.status == "ok")
            #expect(try await staff.next()?.data?.version == 0)
            staff.cut()
            for number in 1...60 { _ = try await line.join("A\(number)") }
            let again = try #require(try await SocketIOClient(port: port, staff.recovery))
            #expect(again.id != nil && again.id != staff.id)
            let state = try #require(try await again.next())
            #expect(state.name == "queue:updated" && state.data?.entries?.count == 60)

            let ticket = try await line.join("B001")
            let rooms = #""rooms":["patient:\#(ticket.token)"]"#
            let patient = try #require(try await SocketIOClient(port: port, rooms))
            #expect(try await patient.next()?.data?.position == 61)
            patient.cut()
            let other = try await RunningService<RealtimeService>.start(suite.database, suite.broker)
            try await other.announce([])
            let there = try #require(
                try await SocketIOClient(port: other.port, "\(rooms),\(patient.recovery)"))
            #expect(there.id != nil && there.id != patient.id)
            #expect(try await there.next()?.data?.position == 61)
            try await other.stop()
        }
    }

    @Test("get nothing more when the session has ended, and nothing that they missed")
    func sessions() async throws {
        try await Suite.with { suite in
            let (line, realtime) = (suite.line, suite.realtime)
            let (session, user) = (SessionID.new(), UserID.new())
            let token = try realtime.token(.staff, of: line.tenant, user: user, session: session)
            let auth = #""token":"\#(token)","rooms":["clinic:\#(line.queue)"]"#
            let (away, here) = (
                try #require(try await SocketIOClient(port: realtime.port, auth)),
                try #require(try await SocketIOClient(port: realtime.port, auth))
            )
            for client in [away, here] { #expect(try await client.next()?.name == "queue:updated") }
            away.cut()
            _ = try await line.join("A001")
            #expect(try await here.next()?.data?.version == 1)
            try await line.publish(SessionEnded(session: session, user: user), of: session.description, version: 1)
            #expect(try await here.next("auth:expired") != nil)
            _ = try await line.join("A002")
            #expect(try await here.call("join:clinic", #"{"clinicId":"\#(line.queue)"}"#)?.code == "unauthenticated")
            #expect(try await SocketIOClient(port: realtime.port, away.recovery)?.refusal == "expired")
            #expect(try await SocketIOClient(port: realtime.port, auth)?.refusal == "expired")
            // A fresh token is taken on the same connection.
            let fresh = try realtime.token(.staff, of: line.tenant, user: user)
            #expect(try await here.call("auth:token", #"{"token":"\#(fresh)"}"#)?.status == "ok")
            #expect(try await here.call("join:clinic", #"{"clinicId":"\#(line.queue)"}"#)?.status == "ok")
            #expect(try await here.next { $0.data?.version == 2 } != nil)
        }
    }

    @Test("are sent away when the process stops, so that they come back")
    func drain() async throws {
        try await Suite.with { suite in
            let other = try await RunningService<RealtimeService>.start(suite.database, suite.broker)
            let client = try #require(try await SocketIOClient(port: other.port))
            let poll = RawClient(port: other.port)
            let path = "/socket.io/?EIO=4&transport=polling"
            let opened = try #require(await poll.request("GET", path))
            let sid = opened.body.split(separator: "\"")[3]
            poll.send("GET \(path)&sid=\(sid) HTTP/1.1\r\nHost: test\r\n\r\n")
            // After two answers to later messages the request has arrived, and waits.
            for _ in 1...2 { #expect(try await client.call("join:patient", "1")?.code == "malformed") }
            async let closeCode = client.closeCode()
            async let answer = poll.response()
            try await other.stop()
            #expect(await closeCode == 1001)
            #expect(await answer?.body == "1")
        }
    }

    @Test("of the public test suites are served alone in the test mode", arguments: ["plain", "recovery"])
    func conformance(mode: String) async throws {
        try await Suite.with(["GUICHET_REALTIME_TEST_MODE": mode]) { suite in
            let client = RawClient(port: suite.realtime.port)
            let opened = await client.request("GET", "/engine.io/?EIO=4&transport=polling")
            #expect(opened?.body.contains(#""pingInterval":300"#) == true)
            #expect(await client.request("GET", "/api/realtime/events?room=x")?.status == 404)
            let feed = try #require(
                await FeedClient(port: suite.realtime.port, path: "/socket.io/", "?EIO=4&transport=websocket"))
            _ = await feed.text()
            feed.send("40")
            #expect(await feed.text()?.contains("\"pid\"") == (mode == "recovery"))
        }
    }
}
