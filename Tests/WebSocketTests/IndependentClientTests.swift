import EventLoop
import Foundation
import Testing

@Suite("A client by other authors")
struct IndependentClientTests {
    @Test("the package websockets of PyPI finds everything that a client may expect")
    func websockets() async throws {
        try await EchoServer.with { server in
            let port = await server.port
            // It blocks until the script has ended.
            let (status, output) = try await BlockingPool(threads: 1, waiting: 1).run { try Self.run(port: port) }
            #expect(status == 0, "\(output)")
            #expect(output.split(separator: "\n").count == 10, "\(output)")
        }
    }

    private static func run(port: UInt16) throws -> (Int32, String) {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let process = Process()
        process.executableURL = folder.appendingPathComponent("../../.local/venv/bin/python").standardized
        process.arguments = [folder.appendingPathComponent("Peer/client.py").path, "\(port)", "staff"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
