import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import RealtimeService

@Suite("Who may listen")
struct RoomAccessTests {
    @Test("a room is opened by its own token or role, in its own clinic, and by nothing else")
    func rooms() async throws {
        try await Suite.with { suite in
            let (line, ticket) = (suite.line, try await suite.line.join("A001"))
            let forged = String(ticket.token.dropLast(4) + "AAAA")
            let cases: [(room: String, role: Role?, tenant: TenantSlug, code: String)] = [
                ("patient:\(forged)", nil, "cabinet-alger", "not-found"),
                ("patient:x", nil, "cabinet-alger", "not-found"),
                ("clinic:\(line.queue)", nil, "cabinet-alger", "unauthenticated"),
                ("clinic:\(line.queue)", .patient, "cabinet-alger", "forbidden"),
                ("clinic:\(line.queue)", .display, "cabinet-alger", "forbidden"),
                ("clinic:cabinet-alger", .manager, "cabinet-oran", "forbidden"),
                ("display:\(line.queue)", .patient, "cabinet-alger", "forbidden"),
                ("user:\(UserID.new())", .admin, "cabinet-alger", "forbidden"),
                ("kitchen:1", .admin, "cabinet-alger", "malformed"),
                // A queue of this id is none of the other clinic's: no queue there reports it.
                ("clinic:\(line.queue)", .staff, "cabinet-oran", "busy"),
            ]
            for (room, role, tenant, code) in cases {
                let (_, answer) = try await suite.join(room, as: role, of: tenant)
                #expect(answer.type == "error" && answer.code == code, "\(room) as \(role as Role?)")
            }
        }
    }

    @Test("staff hear of the appointments of their clinic, as soon as they are connected")
    func appointments() async throws {
        try await Suite.with { suite in
            let port = suite.realtime.port
            let inQuery = try #require(
                await FeedClient(port: port, "?token=\(try suite.realtime.token(.staff, of: "cabinet-alger"))"))
            #expect(try await inQuery.next()?.type == "authenticated")
            let inMessage = try #require(await FeedClient(port: port))
            inMessage.send(#"{"type": "auth", "token": "\#(try suite.realtime.token(.admin, of: "cabinet-alger"))"}"#)
            #expect(try await inMessage.next()?.type == "authenticated")
            let (patient, _) = try await suite.join("user:\(UserID.new())", as: .patient)
            let other = try #require(
                await FeedClient(port: port, "?token=\(try suite.realtime.token(.staff, of: "cabinet-oran"))"))
            #expect(try await other.next()?.type == "authenticated")
            let appointment = AppointmentSnapshot(
                id: .new(), status: "confirmed", careType: "soin", practitioner: .new(), room: nil, patient: .new(),
                start: .now, end: .now, blocked: BlockedTime(from: .now, to: .now), holdExpires: nil)
            let line = suite.line
            try await line.publish(AppointmentConfirmed(appointment: appointment), of: "a", version: 1)
            try await line.publish(AppointmentRescheduled(appointment: appointment), of: "a", version: 2)
            try await line.publish(AppointmentCancelled(appointment: appointment), of: "a", version: 3)
            for client in [inQuery, inMessage] {
                for (version, type) in ["created", "updated", "cancelled"].enumerated() {
                    let message = try await client.next()
                    #expect(message?.type == "appointment_\(type)" && message?.data?.version == version + 1)
                    #expect(message?.data?.appointment?.status == "confirmed")
                }
            }
            for client in [patient, other] {
                client.send(#"{"type": "ping"}"#)
                #expect(try await client.next()?.type == "pong")
            }
        }
    }

    @Test("ends with the token and with the session, and goes on with a fresh token")
    func ends() async throws {
        try await Suite.with { suite in
            let (realtime, user) = (suite.realtime, UserID.new())
            let session = SessionID.new()
            @EventLoop func token() throws -> String {
                try realtime.token(.staff, of: "cabinet-alger", user: user, session: session)
            }
            let fresh = try #require(await FeedClient(port: realtime.port, "?token=\(try token())"))
            let stale = try #require(await FeedClient(port: realtime.port, "?token=\(try token())"))
            for client in [fresh, stale] { #expect(try await client.next()?.type == "authenticated") }
            realtime.clock.advance(by: .seconds(300))
            fresh.send(#"{"type": "auth", "token": "\#(try token())"}"#)
            #expect(try await fresh.next()?.type == "authenticated")
            // Another user's token does not take over the rooms.
            fresh.send(#"{"type": "auth", "token": "\#(try realtime.token(.patient, of: "cabinet-alger"))"}"#)
            #expect(try await fresh.next()?.code == "forbidden")
            realtime.clock.advance(by: .seconds(301))
            #expect(try await stale.next()?.code == "expired")
            #expect(await stale.closeCode() == 4408)
        }
    }

    @Test("ends at once when the session ends")
    func session() async throws {
        try await Suite.with { suite in
            let (session, user) = (SessionID.new(), UserID.new())
            let token = try suite.realtime.token(.staff, of: "cabinet-alger", user: user, session: session)
            let client = try #require(await FeedClient(port: suite.realtime.port, "?token=\(token)"))
            #expect(try await client.next()?.type == "authenticated")
            try await suite.line.publish(
                SessionEnded(session: session, user: user), of: session.description, version: 1)
            #expect(try await client.next()?.code == "expired")
            #expect(await client.closeCode() == 4408)
            let again = try #require(await FeedClient(port: suite.realtime.port, "?token=\(token)"))
            #expect(try await again.next()?.code == "expired")
        }
    }

    @Test("is limited for each address, and in the number of rooms and of messages")
    func limits() async throws {
        try await Suite.with(["GUICHET_REALTIME_CLIENTS_PER_ADDRESS": "2"]) { suite in
            let port = suite.realtime.port
            let clients = [await FeedClient(port: port), await FeedClient(port: port)]
            let third = try #require(await FeedClient(port: port))
            #expect(try await third.next()?.code == "too-many")
            #expect(await third.closeCode() == 4429)
            let first = try #require(clients[0])
            for _ in 0..<60 { first.send(#"{"type": "ping"}"#) }
            #expect(try await first.next("error")?.code == "too-many")
            #expect(await first.closeCode() == 4429)
        }
    }

    @Test("is limited for each address in what must be asked elsewhere; what is known stays open")
    func lookups() async throws {
        try await Suite.with(["GUICHET_REALTIME_LOOKUPS_PER_MINUTE": "3"]) { suite in
            let line = suite.line
            let ticket = try await line.join("A001")
            #expect(try await suite.join("patient:\(ticket.token)").state.type == "joined")
            for code in ["not-found", "not-found", "too-many", "too-many"] {
                let forged = PublishedLine.token(of: line.tenant, line.queue.uuid)
                #expect(try await suite.join("patient:\(forged)").state.code == code)
            }
            let display = PublishedLine.token(of: line.tenant, DisplayID.new().uuid)
            let client = try #require(await FeedClient(port: suite.realtime.port))
            client.send(#"{"type": "join", "room": "display:\#(line.queue)", "token": "\#(display)"}"#)
            #expect(try await client.next()?.code == "too-many")
            #expect(try await suite.join("patient:\(ticket.token)").state.type == "joined")
        }
    }

    @Test("is not for pages of origins that the clinic does not permit")
    func origins() async throws {
        try await Suite.with { suite in
            let ticket = try await suite.line.join("A001")
            let (port, join) = (suite.realtime.port, #"{"type": "join", "room": "patient:\#(ticket.token)"}"#)
            for (origin, type) in [("https://evil.example", "error"), ("http://test", "joined")] {
                let client = try #require(await FeedClient(port: port, headers: ["Origin": origin]))
                client.send(join)
                #expect(try await client.next()?.type == type)
            }
        }
    }

    @Test("ends with the tenant, also for patients and displays")
    func tenantEnd() async throws {
        try await Suite.with { suite in
            let (line, platform) = (suite.line, suite.realtime.host.platform)
            let ticket = try await line.join("A001")
            let (patient, _) = try await suite.join("patient:\(ticket.token)")
            var closed = Suite.tenant
            closed.end = TenantProfile.closed
            let (registry, now) = (platform.directory.registry, Instant.now)
            try await registry.batch([
                try Outbox.record(
                    TenantAnnounced(profile: closed), of: closed.id.description, version: Int(now.microseconds),
                    tenant: closed.slug, at: now)
            ])
            platform.relay.wake(registry)
            #expect(try await patient.next()?.type == "room:closed")
            #expect(try await suite.join("patient:\(ticket.token)").state.code == "not-found")
        }
    }

    @Test("of a display ends when the display is removed, or shows other queues")
    func displays() async throws {
        try await Suite.with { suite in
            let (line, display) = (suite.line, DisplayID.new())
            let token = PublishedLine.token(of: suite.line.tenant, display.uuid)
            let digest = PublishedLine.digest(of: token)
            func publish<Payload: DisplayEvent>(
                _ type: Payload.Type, _ version: Int, shows queues: [QueueID]
            ) async throws {
                let event = Payload(display: display, name: "Salle", queues: queues, tokenDigest: digest)
                try await line.publish(event, of: "\(display)", version: version)
            }
            let join = #"{"type": "join", "room": "display:\#(line.queue)", "token": "\#(token)"}"#
            let client = try #require(await FeedClient(port: suite.realtime.port))
            client.send(join)
            #expect(try await client.next()?.code == "forbidden")
            try await publish(DisplayPaired.self, 1, shows: [line.queue])
            try await suite.realtime.wait { _ in
                client.send(join)
                return try await client.next()?.type == "joined"
            }
            try await publish(DisplayChanged.self, 2, shows: [line.queue, .new()])
            _ = try await line.join("A001")
            #expect(try await client.next()?.type == "display:update")
            try await publish(DisplayRemoved.self, 3, shows: [])
            #expect(try await client.next()?.type == "room:closed")
            try await suite.realtime.wait { _ in
                client.send(join)
                return try await client.next()?.code == "forbidden"
            }
            // What happens while no events arrive is found a little later.
            try await publish(DisplayPaired.self, 4, shows: [line.queue])
            try await suite.realtime.wait { _ in
                client.send(join)
                return try await client.next()?.type == "joined"
            }
            let service = suite.realtime.host.service
            try await service.checkDisplays()
            _ = try await line.join("A002")
            #expect(try await client.next()?.type == "display:update")
            try await service.context.store(for: line.tenant).data.query("DELETE FROM displays")
            try await service.checkDisplays()
            #expect(try await client.next()?.type == "room:closed")
        }
    }
}
