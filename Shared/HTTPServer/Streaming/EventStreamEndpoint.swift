import Authentication
package import EventLoop
package import Primitives
package import Runtime

/// Opens streams of server-sent events on a route, and counts them.
///
///     let endpoint = EventStreamEndpoint("updates", .standard, metrics: platform.metrics)
///     endpoint.route("streamUpdates", "/api/updates", "The updates.", access: .authenticated) { (call, query: …) in
///         let room = try rooms.room(of: query, for: call)
///         return { stream in room.add(stream) }
///     }
@EventLoop
package final class EventStreamEndpoint {
    /// Is given the stream once the head of the answer was sent; not called for a client that has left before.
    package typealias Start = @EventLoop @Sendable (EventStream) -> Void

    private let limits: EventStreamLimits
    private let metrics: EventStreamMetrics
    private let shares: ConnectionShares

    /// - Parameter name: the endpoint in metrics.
    package nonisolated init(_ name: String, _ limits: EventStreamLimits, metrics: MetricsRegistry) {
        let shares = ConnectionShares(limits.connections)
        (self.limits, self.shares) = (limits, shares)
        self.metrics = EventStreamMetrics(name, metrics) { shares.count }
    }

    /// The streams that are open.
    package var connectionCount: Int { shares.count }

    /// A route that is nothing but this endpoint. The handler refuses a client by a problem, before anything is sent.
    package func route<Query: Decodable & Sendable>(
        _ name: String, _ template: PathTemplate, _ summary: String, access: Access, problems: [ProblemType] = [],
        handler: @escaping @EventLoop @Sendable (Call, Query) async throws -> Start
    ) -> Route {
        Route(
            name, .get, template, summary, access: access, produces: "text/event-stream",
            problems: problems
        ) { (call: Call, query: Query, _: NoBody) in
            let start = try await handler(call, query)
            return Reply(RawContent([])).streaming(try self.open(call, start))
        }
    }

    /// The stream that a handler of a route answers, by `Reply(RawContent([])).streaming(…)`.
    ///
    /// - Parameter tenant: whose share of the connections it is part of; that of the caller if nil.
    package func open(
        _ call: Call, of tenant: TenantSlug? = nil, _ start: @escaping Start
    ) throws(Problem) -> StreamedAnswer {
        let tenant = tenant ?? call.principal?.tenant
        try shares.check(call.clientAddress, tenant)
        let (client, lastEventID) = (call.clientAddress, call.header("last-event-id"))
        let expiry = limits.endsWithToken ? call.principal?.expiresAt : nil
        return StreamedAnswer { socket, head in
            let stream = EventStream(socket, self.limits, lastEventID: lastEventID, metrics: self.metrics)
            let share = self.shares.begin(client, tenant)
            let timer = expiry.map { Self.end(stream, at: $0) }
            stream.onFinish = { [shares = self.shares] in
                timer?.cancel()
                shares.end(share)
            }
            stream.open(head: head)
            if stream.isOpen { start(stream) }
        }
    }

    private static func end(_ stream: EventStream, at instant: Instant) -> LoopTimer {
        EventLoop.schedule(after: instant - .now) { [weak stream] in stream?.end(.tokenExpired) }
    }
}
