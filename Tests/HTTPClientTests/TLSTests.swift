import EventLoop
import Foundation
import HTTPClient
import Testing

@Suite("Certificates of peers")
struct TLSTests {
    @Test("a certificate of a known authority for this host is accepted")
    func valid() async throws {
        try await TLSPeer.with(host: "localhost") { peer in
            await HTTPClient.with({ $0.certificateAuthorities = peer.certificate }) { client in
                let outcome = await client.ask(peer)
                #expect(outcome.summary == "answered 200")
            }
        }
    }

    @Test("a certificate for another host is refused before anything is sent")
    func wrongName() async throws {
        try await TLSPeer.with(host: "other.example") { peer in
            await HTTPClient.with({ $0.certificateAuthorities = peer.certificate }) { client in
                #expect(await client.ask(peer).summary == "notSent tls")
            }
        }
    }

    @Test("a certificate of an unknown authority is refused before anything is sent")
    func unknownAuthority() async throws {
        try await TLSPeer.with(host: "localhost") { peer in
            await HTTPClient.with { client in
                #expect(await client.ask(peer).summary == "notSent tls")
            }
        }
    }

    @Test("a missing file of authorities refuses every peer")
    func noFile() async throws {
        try await TLSPeer.with(host: "localhost") { peer in
            await HTTPClient.with({ $0.certificateAuthorities = "/nonexistent.pem" }) { client in
                #expect(await client.ask(peer).summary == "notSent tls")
            }
        }
    }
}

extension HTTPClient {
    /// OpenSSL's server answers GET alone.
    nonisolated fileprivate func ask(_ peer: TLSPeer) async -> HTTPOutcome {
        await send(HTTPRequest(.get, "https://localhost:\(peer.port)/"), retry: .never, within: .seconds(10))
    }
}

/// OpenSSL's own HTTPS server with a certificate of its own.
private struct TLSPeer: @unchecked Sendable {
    // Safety: nothing changes after the initializer, and `Process` is only terminated.
    let port: UInt16
    /// The file of its certificate, which is its own authority.
    let certificate: String

    private let server: Process
    private let folder: URL

    static func with(host: String, _ body: (TLSPeer) async throws -> Void) async throws {
        // Processes are waited for on a thread that may block.
        let peer = try await BlockingPool(threads: 1, waiting: 1).run { try TLSPeer(host: host) }
        defer {
            peer.server.terminate()
            try? FileManager.default.removeItem(at: peer.folder)  // What is left over is in the temporary folder.
        }
        try await body(peer)
    }

    private init(host: String) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let key = folder.path + "/key.pem"
        certificate = folder.path + "/certificate.pem"
        let maker = Self.process([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=\(host)", "-addext", "subjectAltName=DNS:\(host)", "-out", certificate, "-keyout", key,
        ])
        try maker.run()
        maker.waitUntilExit()
        server = Self.process(["s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-www"])
        let output = Pipe()
        server.standardOutput = output
        try server.run()
        // It prints where it listens: `ACCEPT 127.0.0.1:40000`.
        var text = ""
        while text.firstMatch(of: /ACCEPT [^\n]*:([0-9]+)\n/) == nil {
            let piece = output.fileHandleForReading.availableData
            try #require(!piece.isEmpty)
            text += String(decoding: piece, as: UTF8.self)
        }
        let match = try #require(text.firstMatch(of: /ACCEPT [^\n]*:([0-9]+)\n/))
        port = try #require(UInt16(match.1))
    }

    private static func process(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        return process
    }
}
