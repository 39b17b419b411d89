/// A response ready to be sent.
struct Answer: Sendable {
    var status: HTTPStatus
    var headers: HeaderFields
    var body: [UInt8] = []
    /// The connection ends after this answer.
    var closes = false
}
