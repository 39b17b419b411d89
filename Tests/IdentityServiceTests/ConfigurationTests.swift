import EventLoop
import FoundationEssentials
import Runtime
import ServiceHost
import Testing

@testable import IdentityService

@Suite("The variables of Identity")
struct ConfigurationTests {
    @Test("stand in docs/configuration.md as the service reads them; make docs writes them anew")
    func documentation() async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
        let table = ConfigurationVariable.markdownTable(try await ServiceHost<IdentityService>.variables())
        #expect(page.contains("## Identity\n\n\(table)"))
    }
}
