import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import QRCode
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import QueueService

@Suite("QR codes of queues")
struct JoinCodeTests {
    @EventLoop private func status(joiningBy token: String, _ room: WaitingRoom) async throws -> Int {
        try await room.send("/api/queue/join", #"{"token": "\#(token)"}"#).status
    }

    @Test("hold an address with the token of the day, drawn as SVG and PNG in the size that was asked for")
    func images() async throws {
        try await WaitingRoom.with { room in
            let token = try await room.ask("GET", "join-token", as: .staff).decode(JoinTokenAnswer.self)
            #expect(token.url == "http://127.0.0.1:\(room.service.port)/queue/join/\(token.token)")
            let code = try #require(QRCode(token.url))
            let svg = try await room.ask("GET", "qr.svg", as: .staff)
            #expect(svg.headers["content-type"] == "image/svg+xml")
            #expect(svg.text == QRImage(of: code, scale: 8)?.svg)
            let png = try await room.ask("GET", "qr.png?scale=3&margin=2", as: .staff)
            #expect(png.headers["content-type"] == "image/png")
            #expect(png.body == QRImage(of: code, scale: 3, margin: 2)?.png())
            #expect(png.headers["etag"] != nil)
            for query in ["scale=0", "scale=33", "margin=17", "margin=-1", "scale=x"] {
                #expect(try await room.ask("GET", "qr.png?\(query)").problem == "invalid-query", "\(query)")
            }
            #expect(try await room.ask("GET", "/api/queues/\(QueueID.new())/qr.svg").status == 404)
            #expect(try await room.ask("GET", "qr.svg", as: .patient).status == 403)
        }
    }

    @Test("change every day, and are accepted for one more day; a revocation ends them at once")
    func rotation() async throws {
        try await WaitingRoom.with { room in
            let first = try await room.ask("GET", "join-token").decode(JoinTokenAnswer.self)
            #expect(first.rotationMinutes == 1440)
            #expect(first.expiresAt - first.changesAt == .seconds(86_400))
            room.service.clock.stop(at: first.changesAt)
            let second = try await room.fixture.code(of: room.queue)
            #expect(second != first.token)
            #expect(try await status(joiningBy: first.token, room) == 201)
            #expect(try await status(joiningBy: second, room) == 201)
            room.service.clock.stop(at: first.expiresAt)
            #expect(try await status(joiningBy: first.token, room) == 403)
            #expect(try await status(joiningBy: second, room) == 201)

            let revoked = try await room.ask("POST", "join-token", #"{"rotationMinutes": 5}"#)
            #expect(revoked.status == 201, "\(revoked.text)")
            let third = try revoked.decode(JoinTokenAnswer.self)
            #expect(third.rotationMinutes == 5)
            #expect(try await status(joiningBy: second, room) == 403)
            #expect(try await status(joiningBy: third.token, room) == 201)
            #expect(try await status(joiningBy: third.token + "A", room) == 403)
            #expect(try await room.ask("POST", "join-token", as: .staff, "{}").status == 403)
            #expect(try await room.ask("POST", "join-token", #"{"rotationMinutes": 4}"#).problem == "invalid-body")
        }
    }
}
