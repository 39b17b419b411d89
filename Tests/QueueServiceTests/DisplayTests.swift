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

@Suite("Displays")
struct DisplayTests {
    private struct Pairing: Decodable {
        let code: String
        let secret: String
        let expiresAt: Instant
    }

    private struct State: Decodable {
        let isConfirmed: Bool
        let token: String?
        let display: DisplayID?
        let queues: [QueueID]?
    }

    private struct Display: Decodable {
        let id: DisplayID
        let name: String
        let pairedAt: Instant?
        let version: Int
    }

    private struct List: Decodable { let items: [Display] }

    private static let pairings = "/api/queue/displays/pairings"
    private static let other = TenantProfile(
        id: .new(), slug: "cabinet-oran", name: "Cabinet d’Oran", address: "1 rue d’Oran", timeZone: "Africa/Algiers",
        locale: "fr-DZ", phoneCountry: "DZ", database: "main")

    @EventLoop private func claim(_ pairing: Pairing, _ room: WaitingRoom) async throws -> TestAnswer {
        try await room.send("\(Self.pairings)/token", #"{"secret": "\#(pairing.secret)"}"#)
    }

    @EventLoop private func confirm(
        _ code: String, _ room: WaitingRoom, of tenant: TenantSlug = QueueFixture.tenant.slug, queue: QueueID? = nil
    ) async throws -> TestAnswer {
        try await room.ask(
            "POST", "/api/queue/displays", as: .staff, of: tenant,
            #"{"code": "\#(code)", "name": "Entrée", "queues": ["\#(queue ?? room.id)"]}"#)
    }

    @Test("a screen shows a code, staff type it, and the screen gets a token; each step may be repeated")
    func pairing() async throws {
        try await WaitingRoom.with(beside: [Self.other]) { room in
            let pairing = try await room.send(Self.pairings).decode(Pairing.self)
            #expect(try await !claim(pairing, room).decode(State.self).isConfirmed)
            #expect(try await confirm(pairing.code, room, queue: .new()).problem == "invalid-body")
            let typed = "\(pairing.code.prefix(3).lowercased()) \(pairing.code.suffix(3))"
            let confirmed = try await confirm(typed, room)
            #expect(confirmed.status == 201, "\(confirmed.text)")
            let display = try confirmed.decode(Display.self)
            #expect(confirmed.headers["location"] == "/api/queue/displays/\(display.id)")
            #expect(display.pairedAt == nil)
            #expect(try await confirm(pairing.code, room).decode(Display.self).id == display.id)
            #expect(try await room.events(of: "display/\(display.id)") == [])

            let first = try await claim(pairing, room)
            #expect(first.headers["cache-control"] == "no-store")
            let state = try first.decode(State.self)
            #expect(state.isConfirmed && state.display == display.id && state.queues == [room.id])
            let token = try #require(state.token)
            #expect(token.hasPrefix("cabinet-alger."))
            #expect(try await claim(pairing, room).decode(State.self).token == token)
            let stored = try await room.data.query("SELECT token_digest::text AS digest FROM displays")
            #expect(try stored.map { try $0.get("digest", as: String.self) }.count == 1)
            #expect(try await room.events(of: "display/\(display.id)") == ["paired 1"])

            let listed = try await room.ask("GET", "/api/queue/displays", as: .staff).decode(List.self).items
            #expect(listed.map(\.id) == [display.id] && listed[0].pairedAt != nil)
            let path = "/api/queue/displays/\(display.id)"
            let change = #"{"name": "Étage", "queues": ["\#(room.id)"]}"#
            #expect(try await room.ask("PUT", path, seen: 1, change).status == 412)
            let changed = try await room.ask("PUT", path, seen: listed[0].version, change)
            #expect(try changed.decode(Display.self).name == "Étage")
            #expect(try await room.ask("GET", path, of: Self.other.slug).status == 404)
            #expect(try await room.ask("DELETE", path).status == 204)
            #expect(try await room.ask("DELETE", path).status == 404)
            #expect(try await room.events(of: "display/\(display.id)") == ["paired 1", "changed 2", "removed 3"])
            #expect(try await claim(pairing, room).status == 404)
            #expect(try await confirm(pairing.code, room).status == 404)
        }
    }

    @Test("a code belongs to the tenant that was first, and expires after ten minutes; a secret is not guessed")
    func refusals() async throws {
        try await WaitingRoom.with(beside: [Self.other]) { room in
            let pairing = try await room.send(Self.pairings).decode(Pairing.self)
            #expect(try await confirm(pairing.code, room).status == 201)
            let queue = try await room.ask(
                "POST", "/api/queues", of: Self.other.slug, #"{"settings": {"name": "Oran"}}"#)
            struct Made: Decodable { let id: QueueID }
            let foreign = try queue.decode(Made.self).id
            let stolen = try await confirm(pairing.code, room, of: Self.other.slug, queue: foreign)
            #expect(stolen.status == 404)
            #expect(try await confirm("AAAAAA", room).status == 404)
            #expect(try await confirm("0O0O0O", room).problem == "invalid-body")
            let forged = Pairing(
                code: "", secret: String(repeating: "A", count: 43), expiresAt: pairing.expiresAt)
            #expect(try await claim(forged, room).status == 404)
            #expect(try await room.send("\(Self.pairings)/token", #"{"secret": "x"}"#).status == 404)

            let late = try await room.send(Self.pairings).decode(Pairing.self)
            room.service.clock.advance(by: .seconds(601))
            #expect(try await confirm(late.code, room).status == 404)
            #expect(try await claim(late, room).status == 404)
        }
    }
}
