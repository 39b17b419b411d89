import EventLoop
package import Redis

extension RedisClient {
    /// The expected state was not reached.
    package struct Late: Error, CustomStringConvertible { package let description: String }

    /// Lends a connected client and closes it afterwards.
    package static func with<T: Sendable>(
        _ configuration: RedisConfiguration, _ body: @EventLoop (RedisClient) async throws -> T
    ) async throws -> T {
        let client = RedisClient(configuration)
        defer { client.close() }
        try await client.becomes(connected: true)
        return try await body(client)
    }

    /// Returns once the client is, or is not, connected; throws ``Late`` if that takes longer than `limit`.
    package func becomes(connected: Bool, within limit: Duration = .seconds(60)) async throws {
        let end = ContinuousClock.now + limit
        while isConnected != connected {
            guard .now < end else {
                throw Late(description: "connected: not \(connected) within \(limit); \(absence ?? "never away")")
            }
            try await EventLoop.sleep(for: .milliseconds(1))
        }
    }
}
