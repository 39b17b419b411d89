import JSONCoding

/// What a route takes and answers, as types for its documentation.
struct RouteContent: Sendable {
    typealias QueryField = (name: String, isRequired: Bool, schema: JSONSchema)

    /// The fields of the query, and the name of its type.
    let queryFields: @Sendable (SchemaCatalog) -> [QueryField]
    let queryName: String
    /// Nil when the route takes no body.
    let body: (@Sendable (SchemaCatalog) -> JSONSchema)?
    /// The media type of the body.
    let bodyMediaType: String
    /// Whether the query has a cursor.
    let isPaged: Bool
    /// Nil when it answers without content.
    let replyMediaType: String?
    let reply: @Sendable (SchemaCatalog) -> JSONSchema
    /// The schema of content that no Swift type stands for.
    let described: NamedSchema?

    init<Query: Decodable & Sendable, Body: Decodable & Sendable, Content: Sendable>(
        query: Query.Type, body: Body.Type, reply: Content.Type, mediaType: String, described: NamedSchema?
    ) {
        self.described = described
        queryName = SchemaCatalog.name(of: Query.self)
        queryFields = { $0.fields(of: Query.self) }
        let bodySchema: @Sendable (SchemaCatalog) -> JSONSchema = { $0.schema(of: Body.self) }
        self.body = Body.self == NoBody.self ? nil : bodySchema
        bodyMediaType =
            Body.self is any FormBody.Type ? "application/x-www-form-urlencoded" : "application/json"
        isPaged = Query.self is any PagedQuery.Type
        replyMediaType = Content.self == NoContent.self ? nil : mediaType
        self.reply = { catalog in
            if let described { return .reference(described.name) }
            if let encoded = Content.self as? any EncodedBefore.Type { return encoded.schema(catalog) }
            if let value = Content.self as? any Decodable.Type { return catalog.schema(of: value) }
            return .string()
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
