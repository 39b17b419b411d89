import FoundationEssentials
import JSONCoding
import Testing

@testable import AvailabilityService

@Suite("Views")
struct ViewTests {
    @Test("a slot that writes itself is read back whole")
    func slot() throws {
        let text = """
            {"careType":"detartrage","end":"2026-11-27T09:30:00Z","office":"cabinet-cite109",\
            "practitioner":{"id":"03000000-0000-7000-8000-000000000001","name":"Dr \\"Lila\\" Haddad"},\
            "start":"2026-11-27T09:00:00Z"}
            """
        let view = try JSONDecoder().decode(SlotView.self, from: Data(text.utf8))
        #expect(try JSONOutput.text(view) == text)
    }
}
