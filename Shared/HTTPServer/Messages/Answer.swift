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
}

extension Answer {
    /// The message in HTTP/1.1 that ends its connection.
    var closingBytes: [UInt8] {
        var head = "HTTP/1.1 \(status.code) \r\n"
        for (name, value) in headers.fields { head += "\(name): \(value)\r\n" }
        head += "content-length: \(body.count)\r\nconnection: close\r\n\r\n"
        return Array(head.utf8) + body
    }
}
