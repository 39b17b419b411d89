import Foundation
package import GuichetProtocol

/// An example of an event from the repository, byte for byte.
package struct EventExample: Sendable {
    /// The attributes of its envelope.
    package let attributes: EventAttributes
    /// The content of the file.
    package let body: [UInt8]

    private init(_ file: URL) throws {
        let content = try Data(contentsOf: file)
        attributes = try JSONDecoder().decode(EventAttributes.self, from: content)
        body = Array(content)
    }

    /// All examples, the earliest first: together they form one consistent history.
    package static func all() throws -> [EventExample] {
        let root = (0..<4).reduce(URL(filePath: #filePath)) { path, _ in path.deletingLastPathComponent() }
        let folder = root.appending(path: "Tests/GuichetProtocolTests/Fixtures")
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }.map { try EventExample($0) }
            .sorted { ($0.attributes.time, $0.attributes.type) < ($1.attributes.time, $1.attributes.type) }
    }
}
