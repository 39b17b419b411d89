import JSONCoding

/// What a route takes and answers, as types for its documentation.
struct RouteContent: Sendable {
    typealias QueryField = (name: String, isRequired: Bool, schema: JSONSchema)

    /// The fields of the query.
    let queryFields: @Sendable (SchemaCatalog) -> [QueryField]
    /// Nil when the route takes no body.
    let body: (@Sendable (SchemaCatalog) -> JSONSchema)?
    /// Whether the query has a cursor.
    let isPaged: Bool
    /// Nil when it answers without content.
    let replyMediaType: String?
    let reply: @Sendable (SchemaCatalog) -> JSONSchema

    init<Query: Decodable & Sendable, Body: Decodable & Sendable, Content: Sendable>(
        query: Query.Type, body: Body.Type, reply: Content.Type, mediaType: String
    ) {
        queryFields = { $0.fields(of: Query.self) }
        let bodySchema: @Sendable (SchemaCatalog) -> JSONSchema = { $0.schema(of: Body.self) }
        self.body = Body.self == NoBody.self ? nil : bodySchema
        isPaged = Query.self is any PagedQuery.Type
        replyMediaType = Content.self == NoContent.self ? nil : mediaType
        self.reply = { catalog in
            if let encoded = Content.self as? any EncodedBefore.Type { return encoded.schema(catalog) }
            if let value = Content.self as? any Decodable.Type { return catalog.schema(of: value) }
            // Raw content that is JSON can be any JSON; everything else is text.
            return mediaType.contains("json") ? .any : .string()
        }
    }
}

/// Content whose value is known to its type only.
private protocol EncodedBefore {
    static func schema(_ catalog: SchemaCatalog) -> JSONSchema
}

extension EncodedContent: EncodedBefore {
    fileprivate static func schema(_ catalog: SchemaCatalog) -> JSONSchema { catalog.schema(of: Content.self) }
}
