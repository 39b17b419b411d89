/// A request to an outside system.
package struct HTTPRequest: Sendable {
    /// The methods that the suite sends.
    package enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// The method.
    package let method: Method
    /// The absolute URL, without user name and password. It is never logged.
    package let url: String
    /// The header fields, in order. `Host`, lengths, `traceparent` and the idempotency key are added by the client.
    package private(set) var headers: [(name: String, value: String)] = []
    /// Nil for a request without content.
    package let body: [UInt8]?

    /// A request with these fields.
    package init(
        _ method: Method, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil
    ) {
        (self.method, self.url, self.headers, self.body) = (method, url, headers, body)
    }

    /// The same request with one more header field.
    package func with(_ name: String, _ value: String) -> HTTPRequest {
        var request = self
        request.headers.append((name, value))
        return request
    }

    /// False when a field would break the head of the request: an injected line, a control character, an empty name.
    var isWellFormed: Bool {
        let isURLPlain = url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        return isURLPlain
            && headers.allSatisfy { name, value in
                !name.isEmpty
                    && name.utf8.allSatisfy {
                        $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: ";")
                    }
                    && value.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }
            }
    }
}
