import JSONCoding

/// What a handler answers: a value, and what goes with it.
package struct Reply<Content: Sendable>: Sendable {
    /// What is encoded as the body.
    package let content: Content
    /// Nil for the success status of the route.
    package let status: HTTPStatus?
    /// The version of what is answered. A `GET` whose `If-None-Match` names it is answered 304 by the server.
    package let entityTag: EntityTag?
    /// Further header fields.
    package private(set) var headers: HeaderFields

    /// A reply with this content.
    package init(
        _ content: Content, status: HTTPStatus? = nil, entityTag: EntityTag? = nil, location: String? = nil
    ) {
        self.content = content
        self.status = status
        self.entityTag = entityTag
        headers = [:]
        if let location { headers.add("location", location) }
        if let entityTag { headers.add("etag", entityTag.description) }
    }

    /// The same reply with one more header field.
    package func with(_ name: String, _ value: String) -> Reply {
        var reply = self
        reply.headers.add(name, value)
        return reply
    }
}

extension Reply where Content == NoContent {
    /// 204 without a body.
    package static var empty: Reply { Reply(NoContent(), status: .noContent) }
}

/// The content of a reply that has none.
package struct NoContent: Codable, Sendable {
    package init() {}
}

/// The query of a route that takes none: any parameter is refused.
package struct NoQuery: Codable, Sendable {
    package init() {}
}

/// The body of a route that takes none: any content is refused.
package struct NoBody: Codable, Sendable {
    package init() {}
}

/// JSON that was encoded before, because many get the same.
package struct EncodedContent<Content: Codable & Sendable>: Sendable {
    /// The bytes as they are sent.
    package let bytes: [UInt8]
    /// Tells contents apart.
    package let entityTag: EntityTag

    /// Encodes the content.
    package init(_ content: Content) throws {
        bytes = try JSONOutput.encode(content)
        entityTag = EntityTag(digestOf: bytes)
    }
}

/// Content that is not JSON, such as `text/calendar`.
package struct RawContent: Sendable {
    /// The bytes as they are sent.
    package let bytes: [UInt8]

    /// From bytes.
    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// From text, as UTF-8.
    package init(_ text: String) { bytes = Array(text.utf8) }
}
