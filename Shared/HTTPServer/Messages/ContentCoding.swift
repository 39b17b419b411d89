import Compression
import EventLoop

// Content in the coding gzip (RFC 9110 section 8.4).

/// Content compressed for the first client that accepts it so, and kept for the next: many get the same.
@EventLoop
final class CompressedCopy {
    private var bytes: [UInt8]?

    nonisolated init() {}

    /// Returns nil if `content` cannot be compressed.
    func bytes(of content: [UInt8]) async -> [UInt8]? {
        if let bytes { return bytes }
        bytes = await Gzip.compress(content)
        return bytes
    }
}

extension RequestHead {
    /// Whether `Accept-Encoding` names gzip, or any coding, with a weight that is not zero.
    var acceptsGzip: Bool {
        let weights = headers.values(of: "accept-encoding").flatMap { $0.split(separator: ",") }.map(Self.weighted)
        let gzip = weights.first { $0.coding == "gzip" || $0.coding == "x-gzip" } ?? weights.first { $0.coding == "*" }
        return gzip.map { $0.weight > 0 } ?? false
    }

    /// `gzip;q=0.5`; what has no weight has 1, and one that is malformed has 0.
    private static func weighted(_ item: Substring) -> (coding: String, weight: Double) {
        let parts = item.split(separator: ";", omittingEmptySubsequences: false).map {
            $0.trimmingSpaces().lowercased()
        }
        guard let weight = parts.dropFirst().first(where: { $0.hasPrefix("q=") }) else { return (parts.first ?? "", 1) }
        return (parts.first ?? "", Double(weight.dropFirst(2)) ?? 0)
    }
}

extension Route {
    /// Whether its answers may be compressed. The length of a compressed answer reveals what it has in common with what
    /// the requester chose (BREACH), so only what anyone may read is.
    var isCompressible: Bool { method == .get && access == .anyone }
}

extension Answer {
    /// What does not fill a packet is sent as it is.
    private static let leastSize = 1400

    /// The answer with the header fields of the coding that the client accepts. The body is not compressed yet: the client
    /// may have it already.
    func coded(for request: AdmittedRequest) -> Answer {
        guard request.route.isCompressible, status == .ok,
            body.count >= request.route.foreign?.leastCompressedSize ?? Self.leastSize
        else { return self }
        var answer = self
        answer.headers.add("vary", "accept-encoding")
        guard request.head.acceptsGzip else { return answer }
        answer.headers.add("content-encoding", "gzip")
        // A strong tag stands for the same bytes, and these are others.
        if let tag = headers["etag"] { answer.headers.set("etag", "W/\(tag)") }
        return answer
    }

    /// The answer with the body in the coding that its header names.
    @EventLoop
    func compressed() async -> Answer {
        guard headers["content-encoding"] == "gzip" else { return self }
        var answer = self
        if let bytes = await (compressedCopy ?? CompressedCopy()).bytes(of: body) {
            answer.body = bytes
        } else {
            answer.headers.remove("content-encoding")
        }
        return answer
    }
}
