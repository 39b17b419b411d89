/// An origin of web pages as browsers name it in `Origin` (RFC 6454): `https://clinic.example`.
///
/// Other schemes than `https` are refused, because the page could be changed on its way, except for pages on a
/// developer's own machine.
package struct WebOrigin: Hashable, Sendable, CustomStringConvertible {
    /// The longest origin: a host name of 253 characters, the scheme and a port.
    package static let maximumLength = 267

    /// The origin without the port that its scheme implies, as browsers write it.
    package let description: String

    /// Returns nil unless `text` is scheme, host in lower case and optionally a port, and nothing else.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength,
            let match = text.wholeMatch(
                of: /(?<scheme>https|http):\/\/(?<host>[a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::(?<port>[1-9][0-9]{0,4}))?/),
            match.scheme == "https" || match.host == "localhost" || match.host == "127.0.0.1"
        else { return nil }
        let usual = match.scheme == "https" ? "443" : "80"
        let port = match.port.flatMap { $0 == usual ? nil : ":\($0)" } ?? ""
        description = "\(match.scheme)://\(match.host)\(port)"
    }
}

/// The origins whose pages may call the API with tokens of a tenant.
package struct AllowedOrigins: Hashable, Sendable {
    /// The most origins of one tenant.
    package static let maximumCount = 20

    /// Each once, in the order in which they were given.
    package let origins: [WebOrigin]

    /// No pages of other origins.
    package static let none = AllowedOrigins()

    private init() { origins = [] }

    /// The origins as browsers name them.
    package var texts: [String] { origins.map(\.description) }

    /// Returns nil if there are too many.
    package init?(_ origins: [WebOrigin]) {
        guard origins.count <= Self.maximumCount else { return nil }
        self.origins = origins.enumerated().filter { !origins[..<$0.offset].contains($0.element) }.map(\.element)
    }
}
