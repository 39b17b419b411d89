import EventLoop
import HTTPServer
import JSONCoding
import Primitives

/// A file of newline-delimited JSON: one resource a line.
struct BulkFile: Sendable {
    /// What a file's content depends on, and nothing else: equal keys have equal files.
    struct Key: Hashable, Sendable {
        let name: String
        let state: [Int]
    }

    let content: RawContent
    let entityTag: EntityTag

    /// Encodes the resources. So many that it takes long leave the loop to others in between.
    @EventLoop
    init(_ resources: some Sequence<some Encodable>) async throws {
        var bytes: [UInt8] = []
        for (index, resource) in resources.enumerated() {
            bytes += try JSONOutput.encode(resource)
            bytes.append(UInt8(ascii: "\n"))
            if index % 32 == 31 { await Task.yield() }
        }
        content = RawContent(bytes)
        entityTag = EntityTag(digestOf: bytes)
    }
}
