import CCurl

/// A whole answer. Redirects are answers like any other: they are not followed.
package struct HTTPResponse: Sendable {
    /// The status code.
    package let status: Int
    /// The header fields, in order, names in lower case.
    package let headers: [(name: String, value: String)]
    /// The content, as it was sent.
    package let body: [UInt8]

    /// The value of the first field of this name, which is in lower case.
    package subscript(name: String) -> String? { headers.first { $0.name == name }?.value }

    /// True for 2xx.
    package var isSuccess: Bool { (200..<300).contains(status) }

    /// An answer with these parts.
    package init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        (self.status, self.headers, self.body) = (status, headers, body)
    }

    /// How long `Retry-After` asks to wait, in either of its forms (RFC 9110 section 10.2.3); nil without one that can be
    /// read.
    ///
    /// - Parameter now: seconds since 1970.
    func retryAfter(now: Int) -> Duration? {
        guard let text = self["retry-after"] else { return nil }
        if let seconds = Int(text) { return seconds >= 0 ? .seconds(min(seconds, 86_400)) : nil }
        let date = curl_getdate(text, nil)
        return date < 0 ? nil : .seconds(min(max(0, date - now), 86_400))
    }
}
