package import EventLoop
package import Runtime

/// The routes that operators and their tools use on every service.
@EventLoop
package enum StandardRoutes {
    /// `/healthz`, `/readyz`, `/acceptz`, `/metrics`, and `/openapi.json`, which is `description`.
    ///
    /// `/healthz` proves only that the event loop runs: a missing dependency must not get the process killed.
    package static func routes(
        describedBy description: OpenAPIDocument, metrics: MetricsRegistry, readiness: Readiness
    ) throws -> [Route] {
        let document = RawContent(try description.encoded())
        return [
            Route("readHealth", .get, "/healthz", "Answers as long as the process is alive.", access: .anyone) {
                (_, _: NoQuery, _: NoBody) in Reply(Health(status: "ok"))
            }.forOperators(),
            Route("readReadiness", .get, "/readyz", "Answers whether the process should get requests.", access: .anyone)
            {
                (_, _: NoQuery, _: NoBody) in
                let obstacles = readiness.obstacles
                guard obstacles.isEmpty else {
                    throw Problem(
                        .unavailable, "Le service n’est pas prêt.", members: Obstacles(obstacles: obstacles),
                        retryAfter: .seconds(1))
                }
                return Reply(Health(status: "ready"))
            }.forOperators(),
            // HAProxy (`disable-on-404`) lets the requests at such a process end; those at one that is down are cut.
            Route(
                "readAcceptance", .get, "/acceptz",
                "Answers 200 while the process should get requests, else 404, for load balancers that tell this from an outage.",
                access: .anyone
            ) { (_, _: NoQuery, _: NoBody) in
                guard readiness.obstacles.isEmpty else { throw Problem(.notFound, "Le service n’est pas prêt.") }
                return Reply(Health(status: "ready"))
            }.forOperators(),
            Route(
                "readMetrics", .get, "/metrics", "Measurements in Prometheus' text format.", access: .anyone,
                produces: "text/plain; version=0.0.4; charset=utf-8"
            ) { (_, _: NoQuery, _: NoBody) in Reply(RawContent(metrics.exposition())) }.forOperators(),
            Route(
                "readDescription", .get, "/openapi.json", "The description of this API.", access: .anyone,
                produces: "application/json"
            ) { (_, _: NoQuery, _: NoBody) in Reply(document) },
        ]
    }

    private struct Obstacles: ProblemMembers {
        let obstacles: [String]
    }

    private struct Health: Codable, Sendable {
        let status: String
    }
}
