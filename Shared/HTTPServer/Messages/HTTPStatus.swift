/// A status code (RFC 9110 section 15).
package struct HTTPStatus: Hashable, Sendable, Comparable, ExpressibleByIntegerLiteral {
    /// The three digits.
    package let code: Int

    package init(integerLiteral code: Int) { self.code = code }

    /// The connection changes to another protocol.
    package static let switchingProtocols: HTTPStatus = 101
    /// The answer is in the body.
    package static let ok: HTTPStatus = 200
    /// Something new is there; the body shows it.
    package static let created: HTTPStatus = 201
    /// It will be done, and is not done yet.
    package static let accepted: HTTPStatus = 202
    /// Done, and there is nothing to show.
    package static let noContent: HTTPStatus = 204
    /// What the client has is still right.
    package static let notModified: HTTPStatus = 304

    /// The standard's phrase, for documents.
    var phrase: String {
        switch code {
        case 101: "Switching Protocols"
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        default: "Status \(code)"
        }
    }

    package static func < (left: HTTPStatus, right: HTTPStatus) -> Bool { left.code < right.code }
}
