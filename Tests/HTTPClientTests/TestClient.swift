import EventLoop
import HTTPClient
import Runtime

extension HTTPClient {
    /// Lends a client that may speak plain HTTP, and closes it afterwards.
    nonisolated static func with<T: Sendable>(
        metrics: MetricsRegistry = MetricsRegistry(), _ change: (inout HTTPClientConfiguration) -> Void = { _ in },
        _ body: (HTTPClient) async throws -> T
    ) async rethrows -> T {
        var configuration = HTTPClientConfiguration(peer: "test")
        configuration.schemes = [.http, .https]
        // A busy machine may take its time.
        configuration.connectTime = .seconds(60)
        change(&configuration)
        let client = await HTTPClient(configuration, metrics: metrics)
        defer { EventLoop.start { client.close() } }
        return try await body(client)
    }

    /// One attempt at most 60 s.
    nonisolated func attempt(_ url: String, within deadline: Duration = .seconds(60)) async -> HTTPOutcome {
        await send(HTTPRequest(.post, url, body: Array("{}".utf8)), retry: .never, within: deadline)
    }
}

extension HTTPOutcome {
    /// `answered 200`, `notSent connect`, `unknown deadline`.
    var summary: String {
        switch self {
        case .notSent(let reason): "notSent \(reason)"
        case .answered(let response): "answered \(response.status)"
        case .unknown(let reason): "unknown \(reason)"
        }
    }
}
