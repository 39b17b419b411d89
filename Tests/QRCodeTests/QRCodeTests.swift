import Foundation
import QRCode
import Testing

@Suite("QR codes")
struct QRCodeTests {
    static let texts = [
        "1", "https://guichet.example/file/cabinet-daboussy.AbC-_dEf", "Été à Béjaïa : العيادة",
        String(repeating: "a", count: QRCode.maximumLength),
    ]

    @Test("a scanner reads from the PNG image what was encoded", arguments: texts, [QRCode.Correction.low, .quarter])
    func png(text: String, correction: QRCode.Correction) throws {
        let code = try #require(QRCode(text, correction: correction))
        let image = try #require(QRImage(of: code, scale: 3))
        let content = try #require(image.png())
        #expect(try scanned(content, "png") == text)
    }

    @Test("a scanner reads from the SVG image what was encoded", arguments: texts)
    func svg(text: String) throws {
        let code = try #require(QRCode(text))
        let image = try #require(QRImage(of: code, scale: 8))
        #expect(try scanned(drawn(image.svg, scale: 4), "pgm") == text)
    }

    @Test("sizes follow scale and margin")
    func sizes() throws {
        let code = try #require(QRCode("1"))
        #expect(code.width == 21)
        let image = try #require(QRImage(of: code, scale: 10, margin: 2))
        #expect(image.svg.contains("width=\"250\" height=\"250\" viewBox=\"0 0 25 25\""))
        let content = try #require(image.png())
        #expect(content[16..<24] == [0, 0, 0, 250, 0, 0, 0, 250])
    }

    @Test("the largest image stays small")
    func largest() throws {
        let code = try #require(QRCode(String(repeating: "é", count: QRCode.maximumLength / 2), correction: .quarter))
        let image = try #require(QRImage(of: code, scale: 32, margin: 16))
        let content = try #require(image.png())
        #expect(content.count < 80_000)
        #expect(image.svg.utf8.count < 120_000)
    }

    @Test("a text that is empty or too long has no code")
    func refusedTexts() {
        #expect(QRCode("") == nil)
        #expect(QRCode(String(repeating: "a", count: QRCode.maximumLength + 1)) == nil)
    }

    @Test("a size outside of its range has no image", arguments: [(0, 4), (33, 4), (4, -1), (4, 17)])
    func refusedSizes(scale: Int, margin: Int) throws {
        let code = try #require(QRCode("1"))
        #expect(QRImage(of: code, scale: scale, margin: margin) == nil)
    }

    /// What the program `zbarimg` reads.
    private func scanned(_ image: [UInt8], _ kind: String) throws -> String {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).\(kind)")
        try Data(image).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }  // The folder is temporary.
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/zbarimg")
        process.arguments = ["--quiet", "--raw", "--oneshot", "-Sdisable", "-Sqrcode.enable", file.path]
        process.standardOutput = output
        try process.run()
        let content = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: content, as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    /// The rectangles of the second path on white, as a portable graymap.
    private func drawn(_ svg: String, scale: Int) throws -> [UInt8] {
        let box = try #require(svg.firstMatch(of: /viewBox="0 0 (\d+)/))
        let side = try #require(Int(box.1))
        var pixels = [UInt8](repeating: 255, count: side * scale * side * scale)
        for rectangle in svg.matches(of: /M(\d+) (\d+)h(\d+)v1h-\d+z/) {
            let (x, y, width) = (Int(rectangle.1) ?? 0, Int(rectangle.2) ?? 0, Int(rectangle.3) ?? 0)
            for row in y * scale..<(y + 1) * scale {
                for column in x * scale..<(x + width) * scale { pixels[row * side * scale + column] = 0 }
            }
        }
        return Array("P5 \(side * scale) \(side * scale) 255\n".utf8) + pixels
    }
}
