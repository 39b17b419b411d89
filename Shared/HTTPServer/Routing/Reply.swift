import JSONCoding

/// What a handler answers: content, and what goes with it. Content is a JSON value, ``EncodedContent``, ``RawContent`` or
/// ``NoContent``.
package struct Reply<Content: Sendable>: Sendable {
    /// What is encoded as the body.
    package let content: Content
    /// Nil for the success status of the route.
    package let status: HTTPStatus?
    /// The version of the content. A `GET` whose `If-None-Match` names it is answered 304 by the server.
    package let entityTag: EntityTag?
    /// Further header fields.
    package private(set) var headers: HeaderFields
    /// The protocol that the connection changes to; the content is not sent then.
    package private(set) var upgrade: Upgrade?
    /// What is sent in place of the content.
    package private(set) var stream: StreamedAnswer?
    let encoded: @Sendable () throws -> [UInt8]
    /// Keeps the compressed content; nil if the content is encoded for this reply alone.
    let compressedCopy: CompressedCopy?

    private init(
        _ content: Content, _ status: HTTPStatus?, _ entityTag: EntityTag?, _ location: String?,
        compressedCopy: CompressedCopy? = nil, encoded: @escaping @Sendable () throws -> [UInt8]
    ) {
        self.content = content
        self.compressedCopy = compressedCopy
        self.status = status
        self.entityTag = entityTag
        self.encoded = encoded
        headers = [:]
        if let location { headers.add("location", location) }
        if let entityTag { headers.add("etag", entityTag.description) }
    }

    /// A reply with content that is encoded as JSON.
    package init(
        _ content: Content, status: HTTPStatus? = nil, entityTag: EntityTag? = nil, location: String? = nil
    ) where Content: Codable {
        self.init(content, status, entityTag, location) { try JSONOutput.encode(content) }
    }

    /// A reply with JSON that was encoded before.
    package init<Value>(
        _ content: Content, status: HTTPStatus? = nil, entityTag: EntityTag? = nil, location: String? = nil
    ) where Content == EncodedContent<Value> {
        self.init(content, status, entityTag, location, compressedCopy: content.compressedCopy) { content.bytes }
    }

    /// A reply with bytes of the media type that the route states.
    package init(
        _ content: Content, status: HTTPStatus? = nil, entityTag: EntityTag? = nil, location: String? = nil
    ) where Content == RawContent {
        self.init(content, status, entityTag, location, compressedCopy: content.compressedCopy) { content.bytes }
    }

    /// The fields that the reply has of those that a route declares.
    var fields: Set<AnswerField> {
        var fields: Set<AnswerField> = entityTag == nil ? [] : [.entityTag]
        if headers["location"] != nil { fields.insert(.location) }
        return fields
    }

    /// The same reply, which changes the protocol of the connection instead of sending its content.
    package func upgrading(_ upgrade: Upgrade) -> Reply {
        var reply = self
        reply.upgrade = upgrade
        return reply
    }

    /// The same reply, which sends a stream instead of its content.
    package func streaming(_ stream: StreamedAnswer) -> Reply {
        var reply = self
        reply.stream = stream
        return reply
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

/// The body of a route that takes none: any content is refused.
package struct NoBody: Codable, Sendable {
    package init() {}
}

/// JSON that was encoded before, because many clients get the same.
package struct EncodedContent<Content: Codable & Sendable>: Sendable {
    /// The bytes as they are sent.
    package let bytes: [UInt8]
    /// Identifies the content.
    package let entityTag: EntityTag
    let compressedCopy = CompressedCopy()

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
    let compressedCopy = CompressedCopy()

    /// From bytes.
    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// From text, as UTF-8.
    package init(_ text: String) { bytes = Array(text.utf8) }
}
