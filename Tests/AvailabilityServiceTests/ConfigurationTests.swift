import EventLoop
import FoundationEssentials
import Runtime
import ServiceHost
import Testing

@testable import AvailabilityService

@Suite("The variables of Availability")
struct ConfigurationTests {
    @Test("stand in docs/configuration.md as the service reads them; make docs writes them anew")
    func documentation() async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
        let table = ConfigurationVariable.markdownTable(try await ServiceHost<AvailabilityService>.variables())
        #expect(page.contains("## Availability\n\n\(table)"))
    }
}
