import Authentication
import Cryptography
import EventLoop
import Foundation
import HTTPServer
import Runtime
import SocketIO
import Testing

/// An HTTP server with routes of Socket.IO under test, and the scripts that talk to it.
@EventLoop
final class SocketIOServer {
    let metrics = MetricsRegistry()
    let server: HTTPServer

    static let keys: KeyRing = {
        do {
            return try KeyRing(configuration: "test:" + BaseEncoding.base64.encode(RandomBytes.make(32)))
        } catch {
            preconditionFailure("the key is well-formed: \(error)")
        }
    }()

    private init(_ routes: @EventLoop @Sendable (MetricsRegistry) -> [Route]) throws {
        var limits = HTTPLimits.standard
        limits.connections = 4000
        server = try HTTPServer(
            on: .init(host: "127.0.0.1", port: 0), routes: routes(metrics), limits: limits, metrics: metrics,
            authenticate: { _ in throw TokenError.malformed }, problem: { _ in nil },
            fingerprint: { digest, _ in digest })
    }

    /// Runs a script of `Peer` against a server with these routes, and expects that it passes `count` checks.
    nonisolated static func run(
        _ script: String, _ arguments: [String] = [], passing count: Int,
        routes: @escaping @EventLoop @Sendable (MetricsRegistry) -> [Route]
    ) async throws {
        let test = try await SocketIOServer(routes)
        let port = await test.server.port
        // It blocks until the script has ended.
        let (status, output) = try await BlockingPool(threads: 1, waiting: 1).run {
            try execute(script, ["\(port)"] + arguments)
        }
        #expect(status == 0, "\(output)")
        #expect(output.split(separator: "\n").count { $0.hasPrefix("ok ") } == count, "\(output)")
        await test.server.drain(within: .seconds(1))
    }

    private nonisolated static func execute(_ script: String, _ arguments: [String]) throws -> (Int32, String) {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let process = Process()
        process.executableURL = folder.appendingPathComponent("../../.local/venv/bin/python").standardized
        process.arguments = ["-B", folder.appendingPathComponent("Peer/\(script).py").path] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}

extension SocketIOServer {
    /// Runs `body` beside another server with these routes.
    nonisolated static func withOther(
        _ routes: @escaping @EventLoop @Sendable (MetricsRegistry) -> [Route], _ body: (UInt16) async throws -> Void
    ) async throws {
        let other = try await SocketIOServer(routes)
        try await body(await other.server.port)
        await other.server.drain(within: .seconds(1))
    }
}
