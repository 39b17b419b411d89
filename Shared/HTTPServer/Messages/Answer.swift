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
