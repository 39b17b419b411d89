import EventLoop
import HTTPServer
import JSONCoding
import Primitives

/// The files of SMART Scheduling Links. Some are large, so few are kept.
typealias BulkFiles = AnswerCache<BulkFile.Key, BulkFile>

extension BulkFiles {
    convenience init() { self.init(lifetime: .seconds(60), limit: 32) }
}

/// A file of newline-delimited JSON: one resource per line.
struct BulkFile: Sendable {
    /// Everything that the content of a file depends on: files of equal keys are equal.
    struct Key: Hashable, Sendable {
        let name: String
        let state: [Int]
    }

    let content: RawContent
    let entityTag: EntityTag

    /// Encodes the resources, yielding the event loop from time to time.
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
