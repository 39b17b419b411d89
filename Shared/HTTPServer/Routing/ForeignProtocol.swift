import EventLoop

/// What the server does for a path whose protocol is not that of the suite's APIs, such as Engine.IO. The handler decides
/// on every method but `OPTIONS`, reads the body whatever its media type is, and writes refusals in its own form.
///
/// Pages of any origin may read the answers: the protocol must not rely on what browsers send by themselves.
package struct ForeignProtocol: Sendable {
    /// From the end of a request to its answer, in place of the limit of the server.
    package let answerTime: Duration
    /// Smaller answers are not compressed.
    package let leastCompressedSize: Int

    /// - Parameter answerTime: long enough for a request that is answered only when there is news.
    package init(answerTime: Duration, leastCompressedSize: Int) {
        (self.answerTime, self.leastCompressedSize) = (answerTime, leastCompressedSize)
    }
}

/// What the handler of a foreign protocol answers.
package struct ForeignReply: Sendable {
    private(set) var answer: Answer

    /// An answer with a body.
    ///
    /// - Parameter closes: whether the connection is closed after it.
    package init(_ status: HTTPStatus, _ mediaType: String, _ body: [UInt8], closes: Bool = false) {
        answer = Answer(
            status: status, headers: ["content-type": mediaType, "cache-control": "no-store"], body: body,
            closes: closes)
    }

    /// An answer 101.
    package init(_ upgrade: Upgrade) { answer = Answer(upgrade) }

    /// The same reply with one more header field.
    package func with(_ name: String, _ value: String) -> ForeignReply {
        var reply = self
        reply.answer.headers.add(name, value)
        return reply
    }
}

extension Route {
    /// A route of a foreign protocol. That of `GET` serves all methods that have no route of their own.
    package init(
        _ name: String, _ method: HTTPMethod, _ template: PathTemplate, _ summary: String, access: Access,
        speaks foreign: ForeignProtocol, produces mediaType: String, bodyLimit: Int,
        handler: @escaping @EventLoop @Sendable (Call) async -> ForeignReply
    ) {
        self.name = name
        self.method = method
        self.template = template
        self.summary = summary
        self.foreign = foreign
        self.bodyLimit = bodyLimit
        self.access = access
        idempotency = .none
        ifMatch = .none
        sends = []
        success = .ok
        problems = []
        takesBack = false
        problemForm = .details
        content = RouteContent(
            query: AnyQuery.self, body: NoBody.self, reply: RawContent.self, mediaType: mediaType, described: nil)
        serve = { await handler($0).answer }
    }
}

extension Router.Match {
    /// The route of a foreign protocol at this path, if there is one.
    func foreignRoute(for method: HTTPMethod?) -> Route? {
        guard method != .options else { return nil }
        let route = method.flatMap { routes[$0] } ?? routes[.get]
        return route?.foreign == nil ? nil : route
    }
}
