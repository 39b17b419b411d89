import EventLoop
import FoundationEssentials
import Runtime
import ServiceHost
import Testing

@testable import BookingService

@Suite("The variables of Booking")
struct ConfigurationTests {
    @Test("stand in docs/configuration.md as the service reads them; make docs writes them again")
    func documentation() async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
        let table = ConfigurationVariable.markdownTable(try await ServiceHost<BookingService>.variables())
        #expect(page.contains("## Booking\n\n\(table)"))
    }
}
