import AMQPTesting
import EventLoop
import Foundation
import PostgresTesting
import Primitives
import Runtime
package import ServiceHost

/// What is checked of every service, in one suite of its tests:
///
///     @Test("keeps the rule", arguments: ServiceRule.allCases)
///     func rule(_ rule: ServiceRule) async throws { try await rule.check(BookingService.self) }
package enum ServiceRule: CaseIterable, Sendable {
    /// `docs/configuration.md` shows its variables as it reads them.
    case configurationIsDocumented
    /// It handles the example of each event that it subscribes to, and parks none.
    case examplesAreHandled

    /// Throws if the service breaks the rule.
    ///
    /// - Parameter environment: variables beside those of the platform.
    @EventLoop
    package func check<Hosted: GuichetService>(_: Hosted.Type, environment: [String: String] = [:]) async throws {
        switch self {
        case .configurationIsDocumented: try Self.checkConfiguration(of: Hosted.self)
        case .examplesAreHandled:
            try await TestDatabase.with { database in
                try await TestBroker.withVhost { broker in
                    let service = try await RunningService<Hosted>.start(database, broker, environment)
                    try await service.replayExamples(over: broker)
                    try await service.stop()
                }
            }
        }
    }

    @EventLoop
    private static func checkConfiguration<Hosted: GuichetService>(of _: Hosted.Type) throws {
        let root = (0..<4).reduce(URL(filePath: #filePath)) { path, _ in path.deletingLastPathComponent() }
        let page = try String(contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
        let table = ConfigurationVariable.markdownTable(try ServiceHost<Hosted>.variables())
        let name = Hosted.name.description
        guard page.contains("## \(name.prefix(1).uppercased() + name.dropFirst())\n\n\(table)") else {
            throw OutdatedDocument(name: "docs/configuration.md")
        }
    }
}

/// A document that `make docs` writes does not show the present code.
struct OutdatedDocument: Error {
    let name: String
}
