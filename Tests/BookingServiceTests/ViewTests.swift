import FoundationEssentials
import JSONCoding
import Testing

@testable import BookingService

@Suite("Views")
struct ViewTests {
    @Test("a slot that writes itself is read back whole", arguments: [true, false])
    func slot(hasRoom: Bool) throws {
        let text = """
            {"careType":"detartrage","durationMinutes":30,"end":"2026-11-27T09:30:00Z",\
            "practitioner":{"id":"03000000-0000-7000-8000-000000000001","name":"Dr \\"Lila\\" Haddad"},\
            \(hasRoom ? #""room":{"id":"03000000-0000-7000-8000-000000000002","name":"Salle 1"},"# : "")\
            "start":"2026-11-27T09:00:00Z"}
            """
        let view = try JSONDecoder().decode(SlotView.self, from: Data(text.utf8))
        #expect(try JSONOutput.text(view) == text)
    }
}
