import JSONCoding
import Testing

@Suite("Values that are one text")
struct WireTextTests {
    /// A colour, as hexadecimal digits.
    private struct Colour: WireText {
        let wire: String

        init?(wire text: String) {
            guard text.wholeMatch(of: /#[0-9a-f]{6}/) != nil else { return nil }
            wire = text
        }

        static var expectation: String { "couleur attendue" }
        static var example: String { "#00ff00" }
        static var schema: JSONSchema { .string(pattern: "^#[0-9a-f]{6}$") }
    }

    private struct Wall: Codable { let colour: Colour }

    @Test("are read and written as that text")
    func roundTrip() throws {
        let text = ##"{"colour":"#12ab34"}"##
        let wall = try StrictJSON.decode(Wall.self, from: Array(text.utf8))
        #expect(wall.colour.wire == "#12ab34")
        #expect(try JSONOutput.encode(wall) == Array(text.utf8))
        #expect(Colour.sample.wire == Colour.example)
    }

    @Test("are refused with a sentence that describes the expected text")
    func refusal() {
        let fault = InvalidInput.Fault(pointer: "/colour", detail: "couleur attendue")
        #expect(throws: InvalidInput(faults: [fault])) {
            _ = try StrictJSON.decode(Wall.self, from: Array(#"{"colour":"vert"}"#.utf8))
        }
    }
}
