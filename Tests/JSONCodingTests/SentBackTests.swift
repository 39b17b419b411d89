import JSONCoding
import Primitives
import Testing

@Suite("Decoding what was read")
struct SentBackTests {
    private struct Input: Codable, Equatable {
        let name: String?
        let hours: [Int]?
    }

    private struct View: Codable {
        let id: Int
        let name: String
        let hours: [Int]
        let room: String?
    }

    private let stored = Array(#"{"id": 7, "name": "Salle", "hours": [8, 12]}"#.utf8)

    private func decode(_ text: String, _ sentBack: StrictJSON.SentBack = .readOnlyMembers) throws -> Input {
        try StrictJSON.decode(Input.self, from: Array(text.utf8), sentBack: sentBack, from: stored, as: View.self)
    }

    private func faults(_ text: String, _ sentBack: StrictJSON.SentBack = .readOnlyMembers) -> [String] {
        do {
            _ = try decode(text, sentBack)
            return []
        } catch let invalid as InvalidInput {
            return invalid.faults.map(\.pointer)
        } catch {
            return ["unexpected \(error)"]
        }
    }

    @Test("ignores read-only members with their stored value")
    func equal() throws {
        let whole = try decode(#"{"id": 7, "name": "Salle 2", "hours": [8, 12], "room": null}"#)
        #expect(whole == Input(name: "Salle 2", hours: [8, 12]))
    }

    @Test("refuses read-only members with another value, and members of neither")
    func different() {
        #expect(faults(#"{"id": 8, "name": "Salle", "hours": []}"#) == ["/id"])
        #expect(faults(#"{"id": "7", "room": "x", "name": 3}"#) == ["/id", "/room", "/name"])
        #expect(faults(#"{"id": 7, "colour": null}"#) == ["/colour"])
        #expect(faults("[]") == [""])
    }

    @Test("of a patch leaves out all members that are equal")
    func patch() throws {
        let text = #"{"id": 7, "name": "Salle", "hours": [9]}"#
        #expect(try decode(text, .allMembers) == Input(name: nil, hours: [9]))
        #expect(faults(#"{"id": 1, "name": "Salle"}"#, .allMembers) == ["/id"])
    }
}
