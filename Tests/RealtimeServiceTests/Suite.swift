import AMQPTesting
import EventLoop
import GuichetProtocol
import PostgresTesting
import Primitives
import ServiceTesting
import Testing

@testable import RealtimeService

/// Realtime with a database and a broker of its own, and a line of a clinic.
@EventLoop
struct Suite {
    static let tenant = profile("cabinet-alger")

    let realtime: RunningService<RealtimeService>
    let line: PublishedLine
    let database: TestDatabase
    let broker: TestBroker

    static func with(
        _ environment: [String: String] = [:], _ body: @EventLoop @Sendable (Suite) async throws -> Void
    ) async throws {
        try await TestDatabase.with { database in
            try await TestBroker.withVhost { broker in
                let realtime = try await RunningService<RealtimeService>.start(database, broker, environment)
                try await realtime.announce([tenant, profile("cabinet-oran")])
                let line = try await PublishedLine(of: tenant.slug, on: broker)
                do {
                    try await run(Suite(realtime: realtime, line: line, database: database, broker: broker), body)
                } catch {
                    await line.stop()
                    try? await realtime.stop()  // What went wrong first is what matters.
                    throw error
                }
                await line.stop()
                try await realtime.stop()
            }
        }
    }

    private static func run(_ suite: Suite, _ body: @EventLoop @Sendable (Suite) async throws -> Void) async throws {
        try await body(suite)
    }

    private static func profile(_ slug: TenantSlug) -> TenantProfile {
        TenantProfile(
            id: .new(), slug: slug, name: "Cabinet dentaire", address: "Cité 109, Daboussy El Achour, Alger",
            timeZone: "Africa/Algiers", locale: "fr-DZ", phoneCountry: "DZ", database: "main")
    }

    /// A token, as a client of Socket.IO sends it to connect.
    func auth(_ role: Role) throws -> String { #""token":"\#(try realtime.token(role, of: Self.tenant.slug))""# }

    /// A client that has joined a room, and the state that it was answered.
    func join(
        _ room: String, as role: Role? = nil, of tenant: TenantSlug = Suite.tenant.slug, port: UInt16? = nil
    ) async throws -> (client: FeedClient, state: FeedClient.Message) {
        let query = try role.map { "?token=\(try realtime.token($0, of: tenant))" } ?? ""
        let client = try #require(await FeedClient(port: port ?? realtime.port, query))
        if role != nil { _ = try await client.next("authenticated") }
        client.send(#"{"type": "join", "id": 1, "room": "\#(room)"}"#)
        let answer = try #require(try await client.next())
        return (client, answer)
    }
}
