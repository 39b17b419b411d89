import Compression
import Foundation
import Testing

@Suite("Compression")
struct GzipTests {
    @Test("gzip reads what was written, whatever its length", arguments: [0, 1, 1000, 262_144, 262_145, 1_500_000])
    func roundTrip(length: Int) async throws {
        let content = (0..<length).map { UInt8(truncatingIfNeeded: $0 / 3 &* 31 ^ $0 / 4096) }
        let compressed = try #require(await Gzip.compress(content))
        #expect(compressed.prefix(3) == [0x1F, 0x8B, 8])
        #expect(length < 1000 || compressed.count < length)
        #expect(try expanded(compressed) == content)
    }

    @Test("what does not get smaller is whole all the same")
    func noise() async throws {
        let content = (0..<600_000).map { _ in UInt8.random(in: 0...255) }
        #expect(try expanded(try #require(await Gzip.compress(content))) == content)
    }

    /// What the program `gzip` reads.
    private func expanded(_ compressed: [UInt8]) throws -> [UInt8] {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).gz")
        try Data(compressed).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }  // The folder is temporary.
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/bin/gzip")
        process.arguments = ["--decompress", "--stdout", file.path]
        process.standardOutput = output
        try process.run()
        let content = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return Array(content)
    }
}
