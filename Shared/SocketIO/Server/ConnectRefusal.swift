import JSONCoding

/// Thrown by the handler of connections to refuse one. The client does not connect again by itself: a reason that passes,
/// such as a limit, is no refusal; any other error closes the connection, and the client comes back.
package struct ConnectRefusal: Error {
    /// Becomes the message of the error at the client.
    package let message: String
    /// JSON for the client's program; nil for none.
    package let data: [UInt8]?

    /// A refusal.
    package init(_ message: String, data: [UInt8]? = nil) { (self.message, self.data) = (message, data) }

    var content: String {
        let data = data.map { ",\"data\":\(String(decoding: $0, as: UTF8.self))" } ?? ""
        return "{\"message\":\(JSONText.quoted(message))\(data)}"
    }
}
