import EventLoop
import GuichetProtocol
import HTTPTesting
import Primitives
import ServiceTesting
import Testing

@testable import RealtimeService

@Suite("Streams of events")
struct StreamTests {
    @Test("begin with the state of each room, and go on with its events")
    func rooms() async throws {
        try await Suite.with { suite in
            let line = suite.line
            let ticket = try await line.join("A001")
            let token = try suite.realtime.token(.staff, of: line.tenant)
            let rooms = "room=display:\(line.queue)&room=patient:\(ticket.token)"
            let client = RawClient(port: suite.realtime.port)
            let head = try #require(
                await client.request(
                    "GET", "/api/realtime/events?\(rooms)",
                    headers: ["Authorization": "Bearer \(token)", "Last-Event-ID": "elsewhere"]))
            #expect(head.status == 200 && head.headers["x-accel-buffering"] == "no")
            #expect(await client.text(through: "\n\n") == "retry: 2000\n\n")
            var text = await client.text(through: "\n\n") ?? ""
            #expect(text.hasPrefix("event: display:update\ndata: {") && text.contains("\"next\":\"A001\""), "\(text)")
            text = await client.text(through: "\n\n") ?? ""
            #expect(text.hasPrefix("event: position:updated\n") && text.contains("\"position\":1"), "\(text)")
            try await line.call(ticket)
            var events: Set<Substring> = []
            for _ in 1...5 {
                let text = await client.text(through: "\n\n") ?? ""
                events.insert(text.prefix { $0 != "\n" })
            }
            let expected = [
                "display:called", "display:update", "patient:called", "turn:called", "position:updated",
            ]
            #expect(events == Set(expected.map { "event: \($0)" }))
        }
    }

    @Test("end with the session, and are then refused")
    func ends() async throws {
        try await Suite.with { suite in
            let (session, user) = (SessionID.new(), UserID.new())
            let token = try suite.realtime.token(.staff, of: suite.line.tenant, user: user, session: session)
            let path = "/api/realtime/events?room=clinic:\(suite.line.queue)&token=\(token)"
            let client = RawClient(port: suite.realtime.port)
            #expect(await client.request("GET", path)?.status == 200)
            #expect(await client.text(through: "\n\n") == "retry: 2000\n\n")
            #expect(await client.text(through: "\n\n")?.hasPrefix("event: queue:updated\n") == true)
            try await suite.line.publish(
                SessionEnded(session: session, user: user), of: session.description, version: 1)
            let refused = await client.text(through: "\n\n") ?? ""
            #expect(refused.hasPrefix("event: refused\ndata: {\"code\":\"expired\""), "\(refused)")
            #expect(await client.text(through: "\n\n")?.hasPrefix("event: end\n") == true)
            #expect(await client.isClosedByServer())
            #expect(await RawClient(port: suite.realtime.port).request("GET", path)?.status == 401)
        }
    }

    @Test("are refused before they begin, as any request")
    func refusals() async throws {
        try await Suite.with(["GUICHET_REALTIME_CLIENTS_PER_ADDRESS": "1"]) { suite in
            let (line, display) = (suite.line, DisplayID.new())
            let ticket = try await line.join("A001")
            let patient = try suite.realtime.token(.patient, of: line.tenant)
            let displayToken = PublishedLine.token(of: line.tenant, display.uuid)
            let client = RawClient(port: suite.realtime.port)
            let cases = [
                ("", 400), ("room=kitchen:1", 400), ("room=patient:x", 404), ("room=clinic:\(line.queue)", 401),
                ("room=clinic:\(line.queue)&token=x", 401), ("room=clinic:\(line.queue)&token=\(patient)", 403),
                ("room=display:\(line.queue)&token=\(displayToken)", 403),
                (Array(repeating: "room=patient:\(ticket.token)", count: 9).joined(separator: "&"), 400),
            ]
            for (query, status) in cases {
                let answer = await client.request("GET", "/api/realtime/events?\(query)")
                #expect(answer?.status == status, "\(query)")
            }
            let path = "/api/realtime/events?room=patient:\(ticket.token)"
            let page = ["Origin": "https://elsewhere.example"]
            #expect(await client.request("GET", path, headers: page)?.status == 403)
            let open = RawClient(port: suite.realtime.port)
            #expect(await open.request("GET", path)?.status == 200)
            #expect(await open.text(through: "\n\n") == "retry: 2000\n\n")
            #expect(await open.text(through: "\n\n") != nil)
            #expect(await client.request("GET", path)?.status == 429)
        }
    }
}
