import JSONCoding

/// What a route takes and gives, as types for its documentation.
struct RouteContent: Sendable {
    typealias QueryField = (name: String, isRequired: Bool, schema: JSONSchema)

    /// The fields of the query.
    let queryFields: @Sendable (SchemaCatalog) -> [QueryField]
    /// Nil when the route takes no body.
    let body: (@Sendable (SchemaCatalog) -> JSONSchema)?
    /// Nil when it answers without content.
    let replyMediaType: String?
    let reply: @Sendable (SchemaCatalog) -> JSONSchema

    init<Query: Decodable & Sendable, Body: Decodable & Sendable, Content: Decodable & Sendable>(
        query: Query.Type, body: Body.Type, reply: Content.Type
    ) {
        self.init(query: query, body: body, mediaType: Content.self == NoContent.self ? nil : "application/json") {
            $0.schema(of: Content.self)
        }
    }

    init<Query: Decodable & Sendable, Body: Decodable & Sendable>(query: Query.Type, body: Body.Type, mediaType: String)
    {
        // Content that is JSON of its own making can be any JSON; everything else is text.
        let schema: JSONSchema = mediaType.contains("json") ? .any : .string()
        self.init(query: query, body: body, mediaType: mediaType) { _ in schema }
    }

    private init<Query: Decodable & Sendable, Body: Decodable & Sendable>(
        query: Query.Type, body: Body.Type, mediaType: String?,
        reply: @escaping @Sendable (SchemaCatalog) -> JSONSchema
    ) {
        queryFields = { $0.fields(of: Query.self) }
        let bodySchema: @Sendable (SchemaCatalog) -> JSONSchema = { $0.schema(of: Body.self) }
        self.body = Body.self == NoBody.self ? nil : bodySchema
        replyMediaType = mediaType
        self.reply = reply
    }
}
