import QueueDomain
import SchedulingTesting
import Testing

@Suite("Codes that people type")
struct CodeTests {
    @Test("a short code is read as it was typed, and nothing else is", arguments: 1...50)
    func shortCodes(seed: Int) {
        var random = SeededGenerator(seed: seed)
        let code = ShortCode(choosing: (0..<8).map { _ in UInt8(random.int(0...255)) })
        #expect(code.description.count == 6)
        #expect(ShortCode(code.description) == code)
        #expect(ShortCode(" \(code.description.prefix(3).lowercased())-\(code.description.suffix(3)) ") == code)
        #expect(ShortCode(code.description + "A") == nil)
        #expect(ShortCode(String(code.description.dropLast())) == nil)
        #expect(ShortCode("\(code.description.dropLast())0") == nil)
    }

    @Test("the number of a ticket is read with its prefix, with or without zeros")
    func numbers() throws {
        let format = try #require(NumberFormat(prefix: "A1", digits: 3))
        #expect(format.number(typed: "A1012") == 12)
        #expect(format.number(typed: "a1-12") == 12)
        #expect(format.number(typed: "B012") == nil)
        #expect(format.number(typed: "A1") == nil)
        #expect(format.number(typed: "A1x") == nil)
        #expect(format.number(typed: "A1" + String(repeating: "9", count: 30)) == nil)
        let plain = try #require(NumberFormat(prefix: "", digits: 1))
        #expect(plain.number(typed: "7") == 7)
    }
}
