/// A response ready to be sent.
struct Answer: Sendable {
    var status: HTTPStatus
    var headers: HeaderFields
    var body: [UInt8] = []
    /// Keeps the compressed body, where other answers have the same; nil where none do.
    var compressedCopy: CompressedCopy?
    /// The connection is closed after this answer.
    var closes = false
    /// The connection leaves HTTP after this answer, whose status is 101.
    var upgrade: Upgrade?
    /// What follows the head, in place of the body.
    var stream: StreamedAnswer?

    /// Whether the connection is detached with this answer.
    var isDetaching: Bool { upgrade != nil || stream != nil }
}

extension Answer {
    /// The message in HTTP/1.1 that ends its connection.
    var closingBytes: [UInt8] { head(with: "content-length: \(body.count)\r\n") + body }

    /// The head in HTTP/1.1 of an answer that lasts until the connection ends.
    var head: [UInt8] { head(with: "date: \(HTTPDate.now)\r\n") }

    private func head(with field: String) -> [UInt8] {
        var head = "HTTP/1.1 \(status.code) \r\n"
        for (name, value) in headers.fields { head += "\(name): \(value)\r\n" }
        return Array((head + field + "connection: close\r\n\r\n").utf8)
    }
}
